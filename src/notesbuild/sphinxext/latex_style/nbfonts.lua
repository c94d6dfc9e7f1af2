-- Letters that the text font lacks, such as those of 이재호, are set in the first of these fonts
-- that has them, shaped as their script asks. Text from right to left runs that way. (luaotfload's
-- own fallback leaves Type 1 fonts out, and knows no directions.)

-- Name of the file, features, and the blocks of letters for which it is tried; none: for all.
local candidates = {
  { "NotoSerifCJK-Regular.ttc", "cjk",
    0x1100, 0x11FF, 0x2E80, 0xD7FF, 0xF900, 0xFAFF, 0xFE30, 0xFE4F, 0xFF00, 0xFFEF,
    0x20000, 0x3FFFF },
  { "NotoSansCJK-Regular.ttc", "cjk",
    0x1100, 0x11FF, 0x2E80, 0xD7FF, 0xF900, 0xFAFF, 0xFE30, 0xFE4F, 0xFF00, 0xFFEF,
    0x20000, 0x3FFFF },
  { "NanumMyeongjo.ttf", "", 0x1100, 0x11FF, 0x3000, 0xD7FF },
  { "UnBatang.ttf", "", 0x1100, 0x11FF, 0x3000, 0xD7FF },
  { "NotoNaskhArabic-Regular.ttf", "script=arab", 0x0600, 0x06FF, 0x0750, 0x077F, 0x08A0, 0x08FF,
    0xFB50, 0xFDFF, 0xFE70, 0xFEFF },
  { "NotoSerifHebrew-Regular.ttf", "script=hebr", 0x0590, 0x05FF, 0xFB1D, 0xFB4F },
  { "NotoSansSyriac-Regular.ttf", "script=syrc", 0x0700, 0x074F, 0x0860, 0x086F },
  { "NotoSansThaana-Regular.ttf", "script=thaa", 0x0780, 0x07BF },
  { "NotoSansNKo-Regular.ttf", "script=nko", 0x07C0, 0x07FF },
  { "NotoSansAdlam-Regular.ttf", "script=adlm", 0x1E900, 0x1E95F },
  { "NotoSerifDevanagari-Regular.ttf", "script=dev2", 0x0900, 0x097F, 0xA8E0, 0xA8FF },
  { "NotoSerifBengali-Regular.ttf", "script=bng2", 0x0980, 0x09FF },
  { "NotoSerifGurmukhi-Regular.ttf", "script=gur2", 0x0A00, 0x0A7F },
  { "NotoSerifGujarati-Regular.ttf", "script=gjr2", 0x0A80, 0x0AFF },
  { "NotoSansOriya-Regular.ttf", "script=ory2", 0x0B00, 0x0B7F },
  { "NotoSerifTamil-Regular.ttf", "script=tml2", 0x0B80, 0x0BFF },
  { "NotoSerifTelugu-Regular.ttf", "script=tel2", 0x0C00, 0x0C7F },
  { "NotoSerifKannada-Regular.ttf", "script=knd2", 0x0C80, 0x0CFF },
  { "NotoSerifMalayalam-Regular.ttf", "script=mlm2", 0x0D00, 0x0D7F },
  { "NotoSerifSinhala-Regular.ttf", "script=sinh", 0x0D80, 0x0DFF },
  { "NotoSerifThai-Regular.ttf", "script=thai", 0x0E00, 0x0E7F },
  { "NotoSerifLao-Regular.ttf", "script=lao", 0x0E80, 0x0EFF },
  { "NotoSerifTibetan-Regular.ttf", "script=tibt", 0x0F00, 0x0FFF },
  { "NotoSerifMyanmar-Regular.ttf", "script=mym2", 0x1000, 0x109F, 0xA9E0, 0xA9FF,
    0xAA60, 0xAA7F },
  { "NotoSerifGeorgian-Regular.ttf", "script=geor", 0x10A0, 0x10FF, 0x1C90, 0x1CBF,
    0x2D00, 0x2D2F },
  { "NotoSerifEthiopic-Regular.ttf", "script=ethi", 0x1200, 0x139F, 0x2D80, 0x2DDF,
    0xAB00, 0xAB2F },
  { "NotoSansCherokee-Regular.ttf", "script=cher", 0x13A0, 0x13FF, 0xAB70, 0xABBF },
  { "NotoSerifKhmer-Regular.ttf", "script=khmr", 0x1780, 0x17FF, 0x19E0, 0x19FF },
  { "NotoSansMongolian-Regular.ttf", "script=mong", 0x1800, 0x18AF },
  { "NotoSerifArmenian-Regular.ttf", "script=armn", 0x0530, 0x058F, 0xFB13, 0xFB17 },
  { "NotoSerif-Regular.ttf", "", 0x0000, 0x052F, 0x1AB0, 0x1AFF, 0x1C80, 0x1CFF, 0x1D00, 0x20CF,
    0x2C60, 0x2C7F, 0x2DE0, 0x2E7F, 0xA640, 0xA69F, 0xA700, 0xA7FF, 0xAB30, 0xAB6F },
  { "DejaVuSans.ttf", "" },
}
-- Which face of the CJK fonts has the forms of a language.
local faces = { japanese = 0, korean = 1, chinese = 2 }

local missing = {} -- the letters that no font has, in the order of the text
nbfonts = {}

local glyph, dir_node, math_node = node.id("glyph"), node.id("dir"), node.id("math")
local loaded = {}

local function within(char, ranges, start)
  for i = start, #ranges, 2 do
    if char >= ranges[i] and char <= ranges[i + 1] then
      return true
    end
  end
  return false
end

-- --- Fonts ------------------------------------------------------------------------------

local function is_installed(name)
  return kpse.find_file(name, "opentype fonts") or kpse.find_file(name, "truetype fonts")
end

-- The files that can hold the bold face of a font, by the ways in which they are named.
local function bold_names(name)
  local changed, found = name:gsub("%-Regular%.", "-Bold.")
  if found > 0 then return { changed } end
  return { (name:gsub("%.", "-Bold.")), (name:gsub("%.", "Bold.")) }
end

-- The id of a font at a size and the letters it has; false if it is not installed.
local function load(file, features, size, face)
  local name = file
  if features == "cjk" then
    name, features = name .. "(" .. face .. ")", ""
  end
  local key = name .. "@" .. size
  if loaded[key] == nil then
    local asked = "file:" .. name .. ":mode=harf;" .. features
    local data = is_installed(file) and luaotfload.define_font(asked, size)
    if type(data) == "table" then
      loaded[key] = { id = font.define(data), characters = data.characters }
    else
      loaded[key] = data and { id = data, characters = font.getfont(data).characters } or false
    end
  end
  return loaded[key]
end

local function find_letter(char, size, face, bold)
  for _, row in ipairs(candidates) do
    if not row[3] or within(char, row, 3) then
      local files = bold and bold_names(row[1]) or {}
      files[#files + 1] = row[1] -- rather a letter that is too light than one of another font
      for _, file in ipairs(files) do
        local candidate = load(file, row[2], size, face)
        if candidate and candidate.characters[char] then
          return candidate.id
        end
      end
    end
  end
end

local known = {}
local function with_letter(char, size, face, bold)
  local key = char .. "@" .. size .. "@" .. face .. (bold and "@bold" or "")
  if known[key] == nil then
    known[key] = find_letter(char, size, face, bold) or false
  end
  return known[key]
end

-- Whether the words around are bold; their font says so in its name.
local function is_bold(id)
  local f = font.getfont(id)
  local name = f and (f.psname or f.fullname or f.name) or ""
  return name:lower():find("bold", 1, true) ~= nil
end

local function has(id, char)
  local f = font.getfont(id)
  return not f or not f.characters or f.characters[char] ~= nil
end

-- Text fonts have some Greek letters for use as symbols, but not those with accents.
local function is_greek(char)
  return char >= 0x0370 and char <= 0x03FF
end

-- Accents, vowel signs, joiners: what belongs to the letter before it.
local clinging = { 0x0300, 0x036F, 0x200C, 0x200D, 0x20D0, 0x20FF, 0xFE00, 0xFE0F }
local unseen = { 0x200C, 0x200D, 0xFE00, 0xFE0F }
local function clings(char)
  return within(char, clinging, 1)
end

-- Hangul and Kana tell how Chinese characters beside them are drawn.
local hangul = { 0x1100, 0x11FF, 0x3130, 0x318F, 0xAC00, 0xD7FF }
local kana = { 0x3040, 0x30FF, 0x31F0, 0x31FF }
local function face_of(head)
  local face = faces.chinese
  for n in node.traverse_id(glyph, head) do
    if within(n.char, hangul, 1) then
      return faces.korean
    elseif within(n.char, kana, 1) then
      face = faces.japanese
    end
  end
  return face
end

-- A letter and its accents are set in one font, or the accents would not find their place.
local function move_cluster(n, id)
  repeat
    n.font = id
    n = clings(n.char) and n.prev
  until not n or n.id ~= glyph or not has(id, n.char)
end

local function choose_fonts(head)
  local face, last
  for n in node.traverse(head) do
    if n.id ~= glyph then
      last = nil
    elseif n.char > 0xFF then
      if last and clings(n.char) and (has(last, n.char) or within(n.char, unseen, 1)) then
        n.font = last
      elseif not has(n.font, n.char) or is_greek(n.char) or (last and clings(n.char)) then
        face = face or face_of(head)
        local id = with_letter(n.char, font.getfont(n.font).size, face, is_bold(n.font))
        if id then
          move_cluster(n, id)
          last = id
        elseif not has(n.font, n.char) then
          table.insert(missing, n.char)
        end
      else
        last = nil
      end
    else
      last = nil
    end
  end
end

-- Print the letters met since the last time that no font has, in hexadecimal digits; each with
-- the font that would have it, were it installed.
function nbfonts.tell_missing()
  for _, char in ipairs(missing) do
    local wanted = ""
    for _, row in ipairs(candidates) do
      if row[3] and within(char, row, 3) then
        wanted = not is_installed(row[1]) and row[1] or ""
        break
      end
    end
    tex.sprint(-2, string.format("%X:%s ", char, wanted))
  end
  missing = {}
end

-- --- Directions: the algorithm of Unicode (UAX 9) for texts without marks of direction ------

local rtl = { 0x0590, 0x08FF, 0xFB1D, 0xFDFF, 0xFE70, 0xFEFE, 0x10800, 0x10FFF, 0x1E800, 0x1EFFF }
local arabic = { 0x0600, 0x07BF, 0x0860, 0x08FF, 0xFB50, 0xFDFF, 0xFE70, 0xFEFE }
local arabic_digits = { 0x0600, 0x0605, 0x0660, 0x0669, 0x066B, 0x066C, 0x06DD, 0x06DD }
local marks = { 0x0300, 0x036F, 0x0591, 0x05BD, 0x05BF, 0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5,
  0x05C7, 0x05C7, 0x0610, 0x061A, 0x064B, 0x065F, 0x0670, 0x0670, 0x06D6, 0x06DC, 0x06DF, 0x06E4,
  0x06E7, 0x06E8, 0x06EA, 0x06ED, 0x200C, 0x200D, 0xFE00, 0xFE0F }
local neutral = { 0x00, 0x2F, 0x3A, 0x40, 0x5B, 0x60, 0x7B, 0xA9, 0xAB, 0xB4, 0xB6, 0xB9,
  0xBB, 0xBF, 0xD7, 0xD7, 0xF7, 0xF7, 0x060C, 0x060C, 0x2000, 0x206F, 0x20A0, 0x20CF,
  0x2190, 0x2BFF, 0x3000, 0x3004, 0x3008, 0x3020 }
local mirrored = {}
for opening, closing in pairs({ [40] = 41, [91] = 93, [123] = 125, [60] = 62, [0xAB] = 0xBB,
  [0x2039] = 0x203A }) do
  mirrored[opening], mirrored[closing] = closing, opening
end
local opens = { [40] = 41, [91] = 93, [123] = 125 }
local between_digits = { [44] = true, [46] = true, [47] = true, [58] = true, [0x060C] = true }

local function kind_of(char)
  if char >= 48 and char <= 57 or char >= 0x06F0 and char <= 0x06F9 then return "EN" end
  if within(char, arabic_digits, 1) then return "AN" end
  if within(char, marks, 1) then return "NSM" end
  if within(char, neutral, 1) then return "ON" end
  if within(char, arabic, 1) then return "AL" end
  return within(char, rtl, 1) and "R" or "L"
end

-- The nodes of a list with the kinds of their letters; nil if nothing runs from right to left,
-- or if the author has marked directions.
local function items_of(head)
  local items, found, in_math = {}, false, false
  for n in node.traverse(head) do
    if n.id == dir_node then
      return nil
    end
    local kind = "ON"
    if n.id == math_node then
      in_math, kind = n.subtype == 0, "L"
    elseif in_math then
      kind = "L"
    elseif n.id == glyph then
      kind = kind_of(n.char)
      found = found or kind == "R" or kind == "AL"
    end
    items[#items + 1] = { node = n, kind = kind, char = n.id == glyph and n.char }
  end
  return found and items
end

-- Rules W1 to W7: what accents and digits are.
local function resolve_weak(items, base)
  local strong, before = base, base
  for i, item in ipairs(items) do
    if item.kind == "NSM" then item.kind = before end
    before = item.kind
    if item.kind == "L" or item.kind == "R" or item.kind == "AL" then strong = item.kind end
    if item.kind == "EN" then
      item.kind = strong == "AL" and "AN" or strong == "L" and "L" or "EN"
    end
    local next_item = items[i + 1]
    if between_digits[item.char] and next_item and i > 1 then
      local left, right = items[i - 1].kind, kind_of(next_item.char or 32)
      if right == "EN" and strong == "AL" then right = "AN" end
      if left == right and (left == "EN" or left == "AN") then item.kind = left end
    end
  end
  for _, item in ipairs(items) do
    if item.kind == "AL" then item.kind = "R" end
  end
end

local function direction(kind)
  return (kind == "EN" or kind == "AN") and "R" or kind
end

-- Rule N0: a pair of brackets has one direction.
local function resolve_brackets(items, base)
  local open = {}
  for i, item in ipairs(items) do
    if item.kind == "ON" and opens[item.char] then
      open[#open + 1] = i
    elseif item.kind == "ON" and item.char then
      for k = #open, 1, -1 do
        if opens[items[open[k]].char] == item.char then
          item.opened = open[k]
          for last = #open, k, -1 do open[last] = nil end
          break
        end
      end
    end
  end
  local pairs_by_start = {}
  for i, item in ipairs(items) do
    if item.opened then pairs_by_start[item.opened] = i end
  end
  local strong = base
  for i, item in ipairs(items) do
    local closing = pairs_by_start[i]
    if closing then
      local same, other = false, false
      for k = i + 1, closing - 1 do
        local inside = direction(items[k].kind)
        same = same or inside == base
        other = other or inside ~= "ON" and inside ~= base
      end
      if same or other then
        local kind = (same or strong == base) and base or strong
        item.kind, items[closing].kind = kind, kind
      end
    end
    if item.kind ~= "ON" then strong = direction(item.kind) end
  end
end

-- Rules N1 and N2: what stands between two texts of one direction runs with them.
local function resolve_neutral(items, base)
  local before, i = base, 1
  while i <= #items do
    if items[i].kind ~= "ON" then
      before, i = direction(items[i].kind), i + 1
    else
      local last = i
      while items[last + 1] and items[last + 1].kind == "ON" do last = last + 1 end
      local after = items[last + 1] and direction(items[last + 1].kind) or base
      for k = i, last do items[k].kind = before == after and before or base end
      i = last + 1
    end
  end
end

local function level(kind, base)
  if kind == "R" then return 1 end
  if kind == "L" then return base == "L" and 0 or 2 end
  return 2
end

local function mark(name)
  local n = node.new(dir_node)
  n.dir = name
  return n
end

-- Brackets are mirrored by HarfBuzz, in other fonts by us.
local function mirror(n, last)
  if mirrored[n.char] and last and has(last, n.char) then
    n.font = last
  else
    n.char = mirrored[n.char] or n.char
  end
end

local function insert_directions(head, items, base)
  local bottom = base == "L" and 0 or 1
  local current, last = bottom, nil
  for i, item in ipairs(items) do
    local own = level(item.kind, base)
    local n = item.node
    while current < own do
      current = current + 1
      head = node.insert_before(head, n, mark(current % 2 == 1 and "+TRT" or "+TLT"))
    end
    while current > own do
      head = node.insert_before(head, n, mark(current % 2 == 1 and "-TRT" or "-TLT"))
      current = current - 1
    end
    if n.id == glyph and own % 2 == 1 then
      if kind_of(n.char) == "ON" then mirror(n, last) else last = n.font end
    end
  end
  local tail = items[#items].node
  while current > bottom do
    head, tail = node.insert_after(head, tail, mark(current % 2 == 1 and "-TRT" or "-TLT"))
    current = current - 1
  end
  return head
end

local function direct(head, base)
  local items = items_of(head)
  if not items then
    return head
  end
  resolve_weak(items, base)
  resolve_brackets(items, base)
  resolve_neutral(items, base)
  return insert_directions(head, items, base)
end

local function prepare(head, _, dir)
  local foreign = false
  for n in node.traverse_id(glyph, head) do
    foreign = foreign or n.char > 0xFF
  end
  if foreign then
    choose_fonts(head)
    head = direct(head, dir == 1 and "R" or "L")
  end
  return head
end

luatexbase.add_to_callback("pre_shaping_filter", prepare, "nbfonts")

-- Letters that the text font lacks, such as those of 이재호, are set in the first of these
-- fonts that has them. (luaotfload's own fallback leaves Type 1 fonts out.)
local candidates = {
  "NotoSerifCJK-Regular.ttc(1)",
  "NotoSansCJK-Regular.ttc(1)",
  "NanumMyeongjo.ttf",
  "UnBatang.ttf",
  "DejaVuSans.ttf",
}

local glyph = node.id("glyph")
local loaded = {}

local function load(name, size)
  local key = name .. "@" .. size
  if loaded[key] == nil then
    local file = name:gsub("%(%d+%)$", "")
    local found = kpse.find_file(file, "opentype fonts") or kpse.find_file(file, "truetype fonts")
    local data = found and fonts.definers.read("file:" .. name .. ":mode=node;", size)
    loaded[key] = (type(data) == "number" and data) or (data and font.define(data)) or false
  end
  return loaded[key]
end

local function with_letter(char, size)
  for _, name in ipairs(candidates) do
    local id = load(name, size)
    if id and font.getfont(id).characters[char] then
      return id
    end
  end
end

local function complete(head)
  for n in node.traverse_id(glyph, head) do
    local f = n.char > 0xFF and font.getfont(n.font)
    if f and f.characters and not f.characters[n.char] then
      n.font = with_letter(n.char, f.size) or n.font
    end
  end
  return head
end

luatexbase.add_to_callback("pre_linebreak_filter", complete, "nbfonts", 1)
luatexbase.add_to_callback("hpack_filter", complete, "nbfonts", 1)

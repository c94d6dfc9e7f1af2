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

-- The id of a font at a size and the letters it has; nothing if it is not installed.
local function load(name, size)
  local key = name .. "@" .. size
  if loaded[key] == nil then
    local file = name:gsub("%(%d+%)$", "")
    local found = kpse.find_file(file, "opentype fonts") or kpse.find_file(file, "truetype fonts")
    local data = found and fonts.definers.read("file:" .. name .. ":mode=node;", size)
    if type(data) == "table" then
      loaded[key] = { id = font.define(data), characters = data.characters }
    else
      loaded[key] = data and { id = data, characters = font.getfont(data).characters } or false
    end
  end
  return loaded[key]
end

local function with_letter(char, size)
  for _, name in ipairs(candidates) do
    local candidate = load(name, size)
    if candidate and candidate.characters[char] then
      return candidate.id
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

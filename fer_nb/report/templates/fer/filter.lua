-- What Markdown may not do in the report, and what Typst must know about an equation.

local SAFE = { http = true, https = true, mailto = true }

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", " ") .. '"'
end

-- PDF/UA: an equation is read out as its LaTeX source.
function Math(equation)
  if FORMAT ~= "typst" then
    return nil
  end
  local written = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ equation }) }), "typst"):gsub("%s+$", "")
  -- TeX that pandoc cannot convert comes back as text: it is shown as it was typed.
  if not written:match("^%$.*[^\\]%$$") then
    return pandoc.Code(equation.text)
  end
  local block = tostring(equation.mathtype == "DisplayMath")
  return pandoc.RawInline(
    "typst",
    "#math.equation(block: " .. block .. ", alt: " .. quoted(equation.text) .. ", " .. written .. ");"
  )
end

-- Only the sixth level is ours, for texts of one line; sections come from the cells.
function Header(heading)
  if heading.level == 6 then
    heading.attr = pandoc.Attr()
    return heading
  end
  return pandoc.Para({ pandoc.Strong(heading.content) })
end

-- The page makes no request: pictures come from `show`.
function Image(image)
  return image.caption
end

function Link(link)
  local scheme = link.target:match("^%s*([%w+.-]+):")
  if scheme == nil and link.target:sub(1, 1) == "#" then
    if FORMAT ~= "typst" then
      return nil
    end
    -- Typst refuses a link that leads nowhere, such as one that a student mistyped.
    local inlines = pandoc.List({ pandoc.RawInline("typst", "#anchored(" .. quoted(link.target:sub(2)) .. ")[") })
    inlines:extend(link.content)
    inlines:insert(pandoc.RawInline("typst", "]"))
    return inlines
  end
  if scheme ~= nil and SAFE[scheme:lower()] then
    return pandoc.Link(link.content, link.target)
  end
  return link.content
end

function CodeBlock(block)
  local language = (block.classes[1] or ""):match("^%w+$")
  return pandoc.CodeBlock(block.text, pandoc.Attr("", { language }))
end

local RELATIONS = { ["="] = true, ["<"] = true, [">"] = true }

local function is_relation(inline)
  return inline ~= nil and inline.t == "Str" and RELATIONS[inline.text] == true
end

-- "p < 0.001" stays on one line.
function Inlines(inlines)
  for i, inline in ipairs(inlines) do
    if inline.t == "Space" and (is_relation(inlines[i - 1]) or is_relation(inlines[i + 1])) then
      inlines[i] = pandoc.Str("\u{a0}")
    end
  end
  return inlines
end

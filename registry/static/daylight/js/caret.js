// Where a place in a field's text is on the screen: asked of a copy of the field that is never painted.
export function spot(field, at) {
  const copy = document.createElement("div"), mark = document.createElement("span"), look = getComputedStyle(field);
  for (const name of ["font", "letterSpacing", "padding", "borderWidth", "tabSize", "textIndent", "wordSpacing"])
    copy.style[name] = look[name];
  Object.assign(copy.style, {
    position: "fixed", top: "0", left: "0", visibility: "hidden", borderStyle: "solid", boxSizing: "border-box",
    width: `${field.clientWidth + field.clientLeft * 2}px`, whiteSpace: "pre-wrap", overflowWrap: "break-word",
  });
  mark.textContent = field.value[at] || "x";
  copy.append(field.value.slice(0, at), mark);
  document.body.append(copy);
  const box = field.getBoundingClientRect();
  const left = box.left + field.clientLeft + mark.offsetLeft - field.scrollLeft;
  const top = box.top + field.clientTop + mark.offsetTop - field.scrollTop;
  const line = mark.offsetHeight;
  copy.remove();
  return { left, top, line };
}

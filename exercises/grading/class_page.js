// a button in the head of a column sorts the rows of its table; once more, the other way round
for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th"), table = head.closest("table"), body = table.tBodies[0];
    const column = [...head.parentNode.children].indexOf(head);
    const order = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order === 1 ? "ascending" : "descending");
    const value = row => row.children[column].dataset.value ?? row.children[column].textContent;
    const compared = (a, b) => {
      const [x, y] = [value(a), value(b)], [m, n] = [Number(x), Number(y)];
      return isNaN(m) || isNaN(n) ? x.localeCompare(y) : m - n;
    };
    body.append(...[...body.rows].sort((a, b) => order * compared(a, b)));
  });
}

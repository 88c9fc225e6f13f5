// Escape closes the open source mark or the menu and gives the focus back to what opened it.
// Everything works without this file.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.activeElement.closest("details[open]") ?? document.querySelector(".source-mark[open], .menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

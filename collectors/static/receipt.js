"use strict";
// The button is for those whose browser runs scripts; others print with the browser's own menu.
const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => window.print());

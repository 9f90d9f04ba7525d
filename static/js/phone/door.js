// Signing in: until it is known who it is, nobody is shown what was kept for another.
import { somebody } from "./whose.js";

const PATIENCE = 1000;
let isGoing = false;

document.querySelector("main form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isGoing) return;
  isGoing = true;
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  await Promise.race([somebody(), late]).catch((error) => console.error(error));
  event.target.submit();
});
// A page that comes back from the browser's memory may be sent again.
addEventListener("pageshow", () => { isGoing = false; });

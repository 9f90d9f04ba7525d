// The pages of somebody who does not work on the phone: what a rep left on it goes.
import { claim } from "./whose.js";

await claim(Number(document.body.dataset.person));

// Watches a planning run: one small question a second, and the page again when it is over. The page
// may show progress or only wait.
const watch = document.querySelector("[data-run-state]");
if (watch) {
  const bar = watch.querySelector("progress");
  const phase = watch.querySelector("[data-phase]");
  const percent = watch.querySelector("[data-percent]");
  const ask = async () => {
    try {
      const answer = await fetch(watch.dataset.runState, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const run = await answer.json();
      if (run.is_over) {
        location.reload();
        return;
      }
      if (bar) {
        bar.value = run.progress;
        percent.textContent = `${run.progress} %`;
        phase.textContent = run.phase;
      }
    } catch {
      // The server may be restarting; the next question will tell.
    }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 1000);
}

// Follows a check that is under way. Without it the page loads itself again by a refresh.
"use strict";

const follow = (check) => {
  if (!check || check.hasAttribute("data-ended")) return;
  const path = "/checks/" + check.dataset.check;
  const stream = new EventSource(path + "/events?after=" + check.dataset.steps);
  const announce = document.getElementById("announce");

  stream.addEventListener("step", (message) => {
    const step = JSON.parse(message.data);
    const time = document.createElement("time");
    time.dateTime = step.at;
    time.textContent = step.clock;
    const text = document.createElement("span");
    text.textContent = step.text;
    const line = document.createElement("li");
    line.append(time, " ", text);
    document.getElementById("steps").append(line);
    const verdict = document.getElementById("verdict");
    verdict.textContent = step.words;
    verdict.parentElement.className = "verdict d-" + step.decision;
  });

  stream.addEventListener("end", async () => {
    stream.close();
    const answer = await fetch(path, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const ended = page.getElementById("check");
    if (!ended) {
      location.reload();
      return;
    }
    check.replaceWith(document.adoptNode(ended));
    document.title = page.title;
    announce.textContent = "The check has ended: " + document.getElementById("verdict").textContent;
  });
};

follow(document.getElementById("check"));

// What the pages do besides forms: copy, drop a file, look on while a check runs, print.
"use strict";
document.documentElement.classList.add("script");

const words = {
  waiting: "waits", running: "runs", pass: "passed", warn: "warning", fail: "failed",
  inconclusive: "inconclusive", skipped: "skipped",
};

function say(text) {
  const place = document.getElementById("said");
  if (place) { place.textContent = text; }
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    const value = button.parentElement.querySelector("code, pre");
    if (value) { getSelection().selectAllChildren(value); }
    say("The browser does not allow copying. The value is selected.");
    return;
  }
  document.querySelectorAll(".copied").forEach((other) => other.classList.remove("copied"));
  button.classList.add("copied");
  say("Copied.");
}

async function send(file, place) {
  const answer = document.getElementById("dropped");
  answer.textContent = "Reading " + file.name + ".";
  if (file.size > 65000) {
    answer.textContent = "That file is far larger than a certificate.";
    return;
  }
  try {
    const response = await fetch("/certificate", {
      method: "POST",
      headers: {
        "Content-Type": "application/octet-stream",
        "X-Token": place.dataset.token,
        "X-Number": place.dataset.number,
      },
      body: file,
    });
    if (response.ok) { location.assign("/"); return; }
    const text = await response.text();
    const plain = (response.headers.get("Content-Type") || "").startsWith("text/plain");
    answer.textContent = plain ? text : "It was not taken. Load the page again.";
  } catch {
    answer.textContent = "netsuite-preflight does not answer any more.";
  }
}

function dropping(place) {
  place.hidden = false;
  const answer = document.createElement("p");
  answer.id = "dropped";
  answer.setAttribute("role", "status");
  place.append(answer);
  const input = document.getElementById("file");
  input.addEventListener("change", () => { if (input.files[0]) { send(input.files[0], place); } });
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    if (event.dataTransfer.files[0]) { send(event.dataTransfer.files[0], place); }
  });
  // A file that misses the field does not take the page's place.
  for (const kind of ["dragover", "drop"]) {
    addEventListener(kind, (event) => event.preventDefault());
  }
}

async function look() {
  let state;
  try {
    const response = await fetch("/progress");
    if (!response.ok) { location.replace("/"); return; }
    state = await response.json();
  } catch {
    say("netsuite-preflight does not answer any more.");
    return;
  }
  if (state.sign_in && !document.getElementById("sign-in")) { location.reload(); return; }
  const rows = document.getElementById("rows");
  if (rows) {
    state.rows.forEach((now, at) => {
      const row = rows.children[at];
      if (row && row.className !== now) {
        row.className = now;
        row.querySelector(".state").textContent = words[now];
      }
    });
    const bar = document.getElementById("bar");
    bar.max = Math.max(state.planned, 1);
    bar.value = state.decided;
    document.getElementById("count").textContent = state.decided + " of " + state.planned;
    const live = document.getElementById("live");
    if (live.textContent !== state.said) { live.textContent = state.said; }
  }
  if (state.working) { setTimeout(look, 300); } else { location.replace("/"); }
}

addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.addEventListener("click", () => copy(button));
  });
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.addEventListener("click", () => print());
  });
  document.querySelectorAll("main a[href^='https:']").forEach((link) => {
    link.target = "_blank";
    link.rel = "noreferrer noopener";
  });
  document.querySelectorAll("form[method=post]").forEach((form) => {
    form.addEventListener("submit", () => form.classList.add("sent"));
  });
  const place = document.getElementById("drop");
  if (place) { dropping(place); }
  if (document.querySelector("[data-working]")) { setTimeout(look, 300); }
});
// A page that comes back from the browser's memory may be an old one.
addEventListener("pageshow", (event) => { if (event.persisted) { location.reload(); } });

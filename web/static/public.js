// The client's page: says that it was seen by somebody, and takes a signature drawn by hand. It works without both.

const seen = document.getElementById("vu");
const tell = () => document.visibilityState === "visible" && fetch(seen.action, { method: "POST", body: new FormData(seen) });
if (seen && !tell()) document.addEventListener("visibilitychange", tell, { once: true });

const pad = document.querySelector(".pad");
if (pad) {
  const canvas = pad.querySelector("canvas");
  const field = pad.querySelector("input");
  const ink = canvas.getContext("2d");
  const strokes = [];
  pad.hidden = false;
  Object.assign(ink, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#17212b" });

  const draw = () => {
    ink.clearRect(0, 0, canvas.width, canvas.height);
    if (field.value) ink.stroke(new Path2D(field.value));
  };
  const point = (event) => {
    const frame = canvas.getBoundingClientRect();
    const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most);
    return `${within((event.clientX - frame.left) * 600 / frame.width, 600)} ${within((event.clientY - frame.top) * 200 / frame.height, 200)}`;
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    strokes.push([point(event)]);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const stroke = strokes.at(-1);
    const here = point(event);
    if (here !== stroke.at(-1)) stroke.push(here);
    field.value = strokes.filter((each) => each.length > 1).map((each) => `M${each.join("L")}`).join("");
    draw();
  });
  pad.querySelector("[data-clear]").addEventListener("click", () => {
    strokes.length = 0;
    field.value = "";
    draw();
  });
  draw();
}

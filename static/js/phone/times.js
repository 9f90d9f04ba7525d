// When the visits of another order are to be expected, worked out on the phone as the server does it: each in its turn,
// however late, lunch where it costs least. Times of day are seconds after midnight; a drive is null where no road leads.
import { filled } from "./overlay.js";

const FROM = 0;
const HOME = 1;

// The best day in this order, or null. `from`: the place one is at, and when one can drive on.
export function expected(way, visits, from) {
  const isHungry = Boolean(way.lunch) && from.free <= way.lunch[1];
  const spots = isHungry ? Array.from({ length: 2 * visits.length + 2 }, (_, spot) => spot) : [];
  const days = [null, ...spots].map((spot) => timed(way, visits, from, spot, isHungry)).filter(Boolean);
  return days.reduce((best, day) => (best && cost(best) <= cost(day) ? best : day), null);
}

// Lateness first, then when one is home.
const cost = (day) => day.late * 1e6 + day.home;

// Lunch before leg n is at spot 2n, at the door behind it at 2n + 1.
function timed(way, visits, from, spot, isHungry) {
  const day = { stops: [], lunch: null, lunchLate: 0, late: 0, home: 0 };
  let { free: now, place } = from;
  const eat = (before) => {
    const [earliest, latest, length] = way.lunch;
    const at = Math.max(now, earliest);
    day.lunch = { at, before };
    day.lunchLate = Math.max(0, at - latest);
    now = at + length;
  };
  for (const [number, visit] of [...visits, null].entries()) {
    if (spot === 2 * number) eat(visit);
    const goal = visit ? visit.place : HOME;
    const drive = way.seconds[place][goal];
    if (drive === null) return null;
    now += drive;
    if (!visit) Object.assign(day, { home: now, homeDrive: drive });
    if (spot === 2 * number + 1) eat(visit);
    if (!visit) break;
    const begins = opening(visit.windows, now) ?? now;
    const late = visit.windows.length ? Math.max(0, begins - Math.max(...visit.windows.map(([, closes]) => closes))) : 0;
    day.stops.push({ visit, drive, begins, late });
    day.late += late;
    now = begins + visit.service;
    place = goal;
  }
  if (isHungry && !day.lunch) day.lunchLate = Math.max(0, now - way.lunch[1]);
  day.late += day.lunchLate + Math.max(0, day.home - way.ends);
  return day;
}

// When one may begin at `ready` or later; null when no window is left.
function opening(windows, ready) {
  const begins = windows.filter(([, closes]) => closes >= ready).map(([opens]) => Math.max(opens, ready));
  if (!windows.length) return ready;
  return begins.length ? Math.min(...begins) : null;
}

// The same in words, as the day's page shows it. `asked`: visits in order, and when the rep wants to begin there.
export function foretold(way, words, asked, since) {
  if (asked.some(({ visit }) => !way.visits[visit])) return null;
  const visits = asked.map(({ visit, at }) => ({ id: visit, ...way.visits[visit], ...wish(at) }));
  const day = expected(way, visits, whence(way, since));
  if (!day) return null;
  const told = {
    home: filled(words.home, { time: clock(day.home) }), homeAt: clock(day.home), homeDrive: minutes(words, day.homeDrive), lunch: null, visits: {},
  };
  told.lunchLate = day.lunchLate >= 60 ? filled(words.lunchLate, { time: minutes(words, day.lunchLate) }) : "";
  if (day.lunch) told.lunch = { text: clock(day.lunch.at), before: day.lunch.before?.id || null };
  day.stops.forEach(({ visit, drive, begins, late }, place) => {
    const number = way.number + Number(since.gone || 0) + place;
    told.visits[visit.id] = { number, begins: clock(begins), drive: minutes(words, drive), ...closing(words, visit.windows, begins, late) };
  });
  return told;
}

// Until when one may begin, in the window one begins in; or how long after the last one.
function closing(words, windows, begins, late) {
  const closes = windows.map(([, end]) => end);
  if (!closes.length) return { late: "", until: "" };
  if (late) return { late: filled(words.late, { time: minutes(words, late), closes: clock(Math.max(...closes)) }), until: "" };
  return { late: "", until: filled(words.until, { time: clock(Math.min(...closes.filter((end) => end >= begins))) }) };
}

function wish(at) {
  if (!at) return {};
  const [hours, rest] = at.split(":").map(Number);
  return { windows: [[hours * 3600 + rest * 60, hours * 3600 + rest * 60]] };
}

// From where the page knows, or from the visit that was reached on this phone since; never from the past.
function whence(way, { reached, reachedAt, stays, isToday }) {
  const visit = reached && way.visits[reached];
  const now = way.isToday || isToday ? secondsOf(new Date(), way.zone) : 0;
  if (!visit) return { place: FROM, free: Math.max(way.begins, now) };
  return { place: visit.place, free: Math.max(secondsOf(new Date(reachedAt), way.zone) + (stays ? visit.service : 0), now) };
}

// The hour where the rep works, whatever zone the phone is set to.
function secondsOf(at, timeZone) {
  const shown = new Intl.DateTimeFormat("en", { timeZone, hourCycle: "h23", hour: "numeric", minute: "numeric", second: "numeric" });
  const part = Object.fromEntries(shown.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return part.hour * 3600 + part.minute * 60 + part.second;
}

const two = (number) => String(number).padStart(2, "0");

function clock(seconds) {
  const whole = Math.floor((seconds + 30) / 60) % (24 * 60);
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

function minutes(words, seconds) {
  const n = Math.round(seconds / 60);
  if (n < 60) return filled(words.minutes, { n });
  return filled(n % 60 ? words.both : words.hours, { h: Math.floor(n / 60), m: two(n % 60) });
}

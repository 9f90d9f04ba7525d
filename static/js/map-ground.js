// What lies beneath a map: the streets of our own network, drawn on canvas cell by cell, with their names; or the
// pictures of a tile server. Loaded after Leaflet, before map.js. Drawings come as whole numbers (see
// routing/maps/base_roads.py); names are only ever set as textContent.
(function () {
  "use strict";

  var CELL_PIXELS = 512;
  var DEEPEST_LEVEL = 14;
  var KEPT_CELLS = 96;
  // From this level on a cell has every street; one missing is drawn from a cell up to so many levels above it.
  var WHOLE_FROM_LEVEL = 11;
  var LEVELS_UP = 2;
  var SHARPEST = 2;
  var RETRY_MILLISECONDS = 5000;
  // Drawn in this order. Pixels at least, and pixels at zoom 16; from there they grow with the map.
  var LAYERS = ["small", "middle", "main", "ferry"];
  var LEAST = { small: 0.7, middle: 1.2, main: 2, ferry: 1.5 };
  var AT_16 = { small: 4, middle: 6, main: 8, ferry: 2 };
  var GROWTH = 1.7;
  var DASH = { ferry: [7, 6] };

  function decode(drawing) {
    var layers = {};
    LAYERS.forEach(function (layer) {
      layers[layer] = (drawing.lines[layer] || []).map(function (line) { return course(line, drawing.names); });
    });
    return { level: drawing.level, x: drawing.x, y: drawing.y, units: drawing.units, layers: layers };
  }

  function course(line, names) {
    var points = new Int32Array(line.length - 1), x = 0, y = 0;
    for (var i = 1; i < line.length; i += 2) {
      points[i - 1] = x += line[i];
      points[i] = y += line[i + 1];
    }
    return { name: names[line[0]], points: points };
  }

  // Unpacking and drawing take a phone so long that each has a turn of its own, in which a finger can come between.
  function inTurn(value) { return new Promise(function (done) { setTimeout(done, 0, value); }); }

  function fetchDrawing(url, priority) {
    return fetch(url, { credentials: "same-origin", priority: priority })
      .then(function (answer) { return answer.ok ? answer.json() : Promise.reject(new Error("" + answer.status)); })
      .then(inTurn).then(decode).then(inTurn);
  }

  // Pixels per unit at a zoom, and where the drawing's corner lies in the world there.
  function placed(drawing, zoom) {
    var side = CELL_PIXELS * Math.pow(2, zoom - 1 - drawing.level);
    return { scale: side / drawing.units, left: drawing.x * side, top: drawing.y * side };
  }

  function cellOf(coords) {
    var level = Math.min(coords.z - 1, DEEPEST_LEVEL), shift = coords.z - 1 - level;
    return { level: level, x: coords.x >> shift, y: coords.y >> shift };
  }

  function keyOf(cell) { return cell.level + "/" + cell.x + "/" + cell.y; }

  var Streets = L.GridLayer.extend({
    options: { tileSize: CELL_PIXELS, pane: "roads", keepBuffer: 1, updateWhenZooming: false },

    initialize: function (data, note) {
      L.setOptions(this, data.bounds ? { bounds: [[data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]] } : {});
      this._data = data;
      this._note = note;
      this._cells = new Map();
      this._failed = new Map();
      this._names = new window.RoundsMapNames(this);
    },

    onAdd: function (map) {
      this._inks = inks(map);
      this._first = this._first || this._loadFirst();
      L.GridLayer.prototype.onAdd.call(this, map);
      this._names.addTo(map);
      map.on("moveend", this._askAgain, this);
      this._watch = { dark: matchMedia("(prefers-color-scheme: dark)"), repaint: this._repaintAll.bind(this) };
      this._watch.dark.addEventListener("change", this._watch.repaint);
      this._watch.online = this._askAgain.bind(this, true);
      window.addEventListener("online", this._watch.online);
    },

    onRemove: function (map) {
      window.removeEventListener("online", this._watch.online);
      this._watch.dark.removeEventListener("change", this._watch.repaint);
      map.off("moveend", this._askAgain, this);
      this._names.remove();
      L.GridLayer.prototype.onRemove.call(this, map);
      this._note.say("streets", "");
    },

    // The first layer appears at once, so it does not share the line with the cells.
    _loadFirst: function () {
      var self = this;
      return fetchDrawing(this._data.first_url, "high").then(
        function (drawing) { self._base = drawing; self._repaintAll(); },
        function () { self._baseFailed = true; });
    },

    createTile: function (coords, done) {
      var canvas = document.createElement("canvas");
      var sharp = Math.min(window.devicePixelRatio || 1, SHARPEST);
      canvas.width = canvas.height = CELL_PIXELS * sharp;
      canvas.className = "map-streets";
      canvas.roundsCoords = { x: coords.x, y: coords.y, z: coords.z };
      var cell = cellOf(coords), key = keyOf(cell), self = this, told = false;
      function tell() { if (!told) { told = true; setTimeout(done, 0); } }
      var best = this._paint(canvas);
      // While zooming out, the finer picture stays until the new one is whole.
      if (best && (best !== this._base || !this._shown)) tell();
      if (!this._cells.has(key)) this._ask(key, cell).then(function () { self._paint(canvas); tell(); });
      return canvas;
    },

    _ask: function (key, cell) {
      var self = this, waiting = this._waiting = this._waiting || {};
      if (waiting[key]) return waiting[key];
      var url = L.Util.template(this._data.cells_url, { z: cell.level, x: cell.x, y: cell.y });
      waiting[key] = this._first.then(function () { return fetchDrawing(url, "low"); }).then(
        function (drawing) { self._keep(key, drawing); self._failed.delete(key); },
        function () {
          self._failed.set(key, { at: Date.now(), cell: cell });
          return self._askAbove(cell);
        }
      ).then(function () { delete waiting[key]; self._say(); });
      return waiting[key];
    },

    // Without a network a coarser cell, taken along with the day, may be there.
    _askAbove: function (cell) {
      var above = { level: cell.level - 1, x: cell.x >> 1, y: cell.y >> 1, up: (cell.up || 0) + 1 };
      if (above.up > LEVELS_UP || above.level < WHOLE_FROM_LEVEL || this._cells.has(keyOf(above))) return undefined;
      return this._ask(keyOf(above), above);
    },

    _keep: function (key, drawing) {
      this._shown = true;
      this._cells.set(key, drawing);
      if (this._cells.size > KEPT_CELLS) this._cells.delete(this._cells.keys().next().value);
      this._names.soon();
    },

    // Offline, or the server was away: what is in view is asked for again, not at every step.
    _askAgain: function (now) {
      var self = this, seen = this._seen();
      if (now === true && this._baseFailed) { this._baseFailed = false; this._first = this._loadFirst(); }
      Array.from(this._failed).forEach(function (entry) {
        var key = entry[0], failed = entry[1];
        if (!seen[key]) self._failed.delete(key);
        else if (now === true || Date.now() - failed.at > RETRY_MILLISECONDS) {
          self._ask(key, failed.cell).then(self._repaintAll.bind(self));
        }
      });
      this._say();
    },

    _say: function () {
      if (!this._map) return;
      var seen = this._seen(), self = this;
      var missing = Array.from(this._failed).some(function (entry) { return seen[entry[0]] && !self._isWhole(entry[1].cell); });
      this._note.say("streets", missing ? this._data.words.failed : "");
    },

    _isWhole: function (cell) {
      for (var up = 1; up <= LEVELS_UP; up++) {
        if (cell.level - up >= WHOLE_FROM_LEVEL && this._cells.has(keyOf({ level: cell.level - up, x: cell.x >> up, y: cell.y >> up }))) return true;
      }
      return false;
    },

    _canvases: function () { var box = this.getContainer(); return box ? Array.from(box.querySelectorAll("canvas")) : []; },

    _seen: function () {
      var seen = {};
      this._canvases().forEach(function (canvas) { seen[keyOf(cellOf(canvas.roundsCoords))] = true; });
      return seen;
    },

    _repaintAll: function () {
      if (!this._map) return;
      this._inks = inks(this._map);
      this._canvases().forEach(this._paint, this);
    },

    // The cell itself, else a little coarser one, else the first layer.
    _best: function (coords) {
      var cell = cellOf(coords);
      for (var up = 0; up <= LEVELS_UP; up++) {
        var known = this._cells.get((cell.level - up) + "/" + (cell.x >> up) + "/" + (cell.y >> up));
        if (known) return known;
      }
      return this._base;
    },

    _paint: function (canvas) {
      var coords = canvas.roundsCoords, drawing = this._best(coords), sharp = canvas.width / CELL_PIXELS;
      if (!drawing) return null;
      var context = canvas.getContext("2d"), at = placed(drawing, coords.z);
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.setTransform(sharp, 0, 0, sharp, (at.left - coords.x * CELL_PIXELS) * sharp, (at.top - coords.y * CELL_PIXELS) * sharp);
      context.lineCap = context.lineJoin = "round";
      LAYERS.forEach(function (layer) { this._stroke(context, drawing.layers[layer], layer, coords.z, at.scale); }, this);
      return drawing;
    },

    _stroke: function (context, lines, layer, zoom, scale) {
      context.strokeStyle = this._inks[layer];
      context.lineWidth = Math.max(LEAST[layer], AT_16[layer] * Math.pow(GROWTH, zoom - 16));
      context.setLineDash(DASH[layer] || []);
      context.beginPath();
      for (var i = 0; i < lines.length; i++) {
        var points = lines[i].points;
        context.moveTo(points[0] * scale, points[1] * scale);
        for (var j = 2; j < points.length; j += 2) context.lineTo(points[j] * scale, points[j + 1] * scale);
      }
      context.stroke();
    },

    // The drawings in view that carry names, for the names above.
    cellsInView: function () {
      return Object.keys(this._seen()).map(this._cells.get, this._cells).filter(Boolean);
    },
  });

  // Colours stand in map.css; a canvas can only take what they come to here, in light or in dark.
  function inks(map) {
    var found = {}, probes = LAYERS.map(function (layer) { return L.DomUtil.create("i", "map-ink-" + layer, map.getContainer()); });
    LAYERS.forEach(function (layer, place) { found[layer] = getComputedStyle(probes[place]).color; });
    probes.forEach(function (probe) { probe.remove(); });
    return found;
  }

  var Note = L.Control.extend({
    options: { position: "topright" },
    onAdd: function () {
      this._box = L.DomUtil.create("div", "map-note");
      this._box.setAttribute("role", "status");
      return this._box;
    },
    // Each thing the map says stands until it is taken back by its own name.
    say: function (about, text) {
      this._said = Object.assign(this._said || {}, { [about]: text });
      var whole = Object.values(this._said).filter(Boolean).join(" ");
      if (this._box.textContent !== whole) this._box.textContent = whole;
    },
  });

  function credit(text) {
    var link = document.createElement("a");
    link.href = "https://www.openstreetmap.org/copyright";
    link.rel = "noopener";
    link.textContent = text;
    return link.outerHTML;
  }

  function tilesOf(map) {
    var found = null;
    map.eachLayer(function (layer) { if (layer instanceof L.TileLayer) found = layer; });
    return found;
  }

  function choose(map, tiles, streets, note, words) {
    var choices = {}, answered = false;
    choices[words.tiles] = tiles;
    choices[words.streets] = streets;
    L.control.layers(choices).addTo(map);
    note.addTo(map);
    // Leaflet forgets to take back the credit of a layer that was there before the credits.
    tiles.once("remove", function () { map.attributionControl.removeAttribution(tiles.getAttribution()); });
    tiles.on("tileload", function () { answered = true; note.say("tiles", ""); });
    tiles.on("tileerror", function () {
      if (answered || !map.hasLayer(tiles)) return;
      map.removeLayer(tiles);
      map.addLayer(streets);
      note.say("tiles", words.tiles_failed);
    });
  }

  function ground(map, data) {
    L.control.attribution({ prefix: false }).addAttribution(credit(data.attribution)).addTo(map);
    var note = new Note(), tiles = tilesOf(map);
    map.createPane("roads").style.zIndex = 250;
    map.createPane("street-names").style.zIndex = 450;
    map.getPane("street-names").setAttribute("aria-hidden", "true");
    var streets = data.cells_url ? new Streets(data, note) : null;
    if (tiles && streets) return choose(map, tiles, streets, note, data.words);
    note.addTo(map);
    // In a turn of its own: a phone shows the way and answers a finger before it has room for the streets.
    if (streets) setTimeout(function () { streets.addTo(map); }, 0);
    else if (!tiles) note.say("streets", data.words.missing);
  }

  window.RoundsMap = Object.assign(window.RoundsMap || {}, { ground: ground });
})();

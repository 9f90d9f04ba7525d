// Street names where there is room: in the middle of straight runs that are long enough, main streets first,
// none over another, over a pin or over an account. Loaded before map-ground.js.
(function () {
  "use strict";

  var FROM_ZOOM = { main: 13, middle: 14, small: 15 };
  var NARROW = 500;
  var MOST = 90;
  var BENT_PIXELS = 4;
  var APART_PIXELS = 380;
  var EVERY_PIXELS = 240;
  var LINE_PIXELS = 16;
  var BUCKET = 8;
  var CELL_PIXELS = 512;

  // Pieces of a course that are straight enough to write along: [x, y of both ends] in pixels.
  function straightRuns(points, scale) {
    var runs = [], start = 0, last = points.length - 2;
    while (start < last) {
      var end = start + 2;
      while (end + 2 <= last && bend(points, start, end + 2) * scale <= BENT_PIXELS) end += 2;
      runs.push([points[start] * scale, points[start + 1] * scale, points[end] * scale, points[end + 1] * scale]);
      start = end;
    }
    return runs;
  }

  function bend(points, start, end) {
    var dx = points[end] - points[start], dy = points[end + 1] - points[start + 1], long = Math.hypot(dx, dy) || 1, most = 0;
    for (var i = start + 2; i < end; i += 2) {
      most = Math.max(most, Math.abs((points[i] - points[start]) * dy - (points[i + 1] - points[start + 1]) * dx) / long);
    }
    return most;
  }

  function upright(run) {
    var angle = Math.atan2(run[3] - run[1], run[2] - run[0]);
    if (angle > Math.PI / 2) return angle - Math.PI;
    return angle < -Math.PI / 2 ? angle + Math.PI : angle;
  }

  function around(spot) {
    var wide = Math.abs(Math.cos(spot.angle)) * spot.width / 2, high = Math.abs(Math.sin(spot.angle)) * spot.width / 2;
    return L.bounds([spot.x - wide, spot.y - high], [spot.x + wide, spot.y + high]);
  }

  // A grid of small squares that are written on already.
  function Taken() { this._squares = new Set(); }
  Taken.prototype.squares = function (spot, width, height) {
    var found = [], cos = Math.cos(spot.angle), sin = Math.sin(spot.angle);
    for (var along = -width / 2; along <= width / 2 + 4; along += 5) {
      for (var across = -height / 2; across <= height / 2; across += height / 4) {
        var x = Math.floor((spot.x + along * cos - across * sin) / BUCKET), y = Math.floor((spot.y + along * sin + across * cos) / BUCKET);
        found.push(x + ":" + y);
      }
    }
    return found;
  };
  Taken.prototype.take = function (spot, width, height) {
    var squares = this.squares(spot, width, height), taken = this._squares;
    if (squares.some(function (square) { return taken.has(square); })) return false;
    squares.forEach(function (square) { taken.add(square); });
    return true;
  };

  var Names = L.Layer.extend({
    options: { pane: "street-names" },

    initialize: function (streets) { this._streets = streets; this._widths = new Map(); },

    onAdd: function (map) {
      this._box = L.DomUtil.create("div", "map-names", this.getPane());
      this._ruler = document.createElement("canvas").getContext("2d");
      var style = getComputedStyle(this._box);
      this._ruler.font = style.fontWeight + " " + style.fontSize + " " + style.fontFamily;
      map.on("moveend viewreset resize", this.soon, this);
      map.on("zoomstart", this._clear, this);
    },

    onRemove: function (map) {
      map.off("moveend viewreset resize", this.soon, this);
      map.off("zoomstart", this._clear, this);
      this._box.remove();
    },

    soon: function () {
      var self = this;
      if (this._due) return;
      this._due = setTimeout(function () { self._due = 0; if (self._map) self._write(); }, 120);
    },

    _clear: function () { this._box.textContent = ""; },

    _write: function () {
      this._clear();
      var map = this._map, origin = map.getPixelOrigin(), view = map.getPixelBounds(), names = {}, written = 0;
      var taken = this._obstacles(map, origin);
      this._spots(map).forEach(function (spot) {
        if (written >= MOST || !view.contains(around(spot))) return;
        var near = (names[spot.name] || []).some(function (other) { return Math.hypot(other.x - spot.x, other.y - spot.y) < APART_PIXELS; });
        var here = { x: spot.x - origin.x, y: spot.y - origin.y, angle: spot.angle };
        if (near || !taken.take(here, spot.width + 12, LINE_PIXELS + 6)) return;
        (names[spot.name] = names[spot.name] || []).push(spot);
        this._put(spot, here);
        written++;
      }, this);
    },

    _put: function (spot, at) {
      var label = L.DomUtil.create("span", "map-name map-name-" + spot.layer, this._box);
      label.textContent = spot.name;
      label.style.transform = "translate(" + at.x.toFixed(1) + "px," + at.y.toFixed(1) + "px) translate(-50%,-50%) rotate(" + spot.angle.toFixed(4) + "rad)";
    },

    _obstacles: function (map, origin) {
      var taken = new Taken();
      (map.roundsObstacles || []).forEach(function (point) {
        var at = map.project(point).subtract(origin);
        taken.take({ x: at.x, y: at.y, angle: 0 }, 28, 28);
      });
      return taken;
    },

    // All that could be written here at this zoom, the most wanted first.
    _spots: function (map) {
      var zoom = map.getZoom(), narrow = map.getSize().x < NARROW ? 1 : 0, spots = [];
      this._streets.cellsInView().forEach(function (cell) {
        ["main", "middle", "small"].forEach(function (layer, rank) {
          if (zoom >= FROM_ZOOM[layer] + narrow) spots.push.apply(spots, this._spotsOf(cell, layer, rank, zoom));
        }, this);
      }, this);
      return spots.sort(function (one, other) { return one.rank - other.rank || other.room - one.room; });
    },

    // The same at every pan, so that names do not wander: kept with the cell.
    _spotsOf: function (cell, layer, rank, zoom) {
      var kept = cell.spots = cell.spots || {}, key = zoom + layer;
      if (!kept[key]) kept[key] = this._search(cell, layer, rank, zoom);
      return kept[key];
    },

    _search: function (cell, layer, rank, zoom) {
      var side = CELL_PIXELS * Math.pow(2, zoom - 1 - cell.level), spots = [];
      cell.layers[layer].forEach(function (line) {
        if (!line.name) return;
        var width = this._width(line.name);
        straightRuns(line.points, side / cell.units).forEach(function (run) {
          var room = Math.hypot(run[2] - run[0], run[3] - run[1]), count = Math.max(1, Math.floor(room / Math.max(width + LINE_PIXELS, EVERY_PIXELS)));
          if (room < width + LINE_PIXELS) return;
          for (var i = 0; i < count; i++) {
            var share = (i + 0.5) / count;
            spots.push({
              name: line.name, layer: layer, rank: rank, room: room, width: width, angle: upright(run),
              x: cell.x * side + run[0] + (run[2] - run[0]) * share, y: cell.y * side + run[1] + (run[3] - run[1]) * share,
            });
          }
        });
      }, this);
      return spots;
    },

    _width: function (name) {
      if (!this._widths.has(name)) this._widths.set(name, this._ruler.measureText(name).width);
      return this._widths.get(name);
    },
  });

  window.RoundsMapNames = Names;
})();

// What stands on a map: pins, popups, placing a pin. Loaded after Leaflet and map-ground.js, before a map's
// own script. Text from people is only ever set as textContent.
(function () {
  "use strict";

  var isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (isStill) L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });

  var PIN_PIXELS = 44;
  var PLACE_ZOOM = 16;
  // Room for the zoom buttons at the left, so that a popup never lies under them.
  var POPUP = { maxWidth: 220, autoPanPaddingTopLeft: [64, 12], autoPanPaddingBottomRight: [24, 12] };

  function popup(name, detail, url) {
    var box = document.createElement("div");
    var head = document.createElement(isOwnPath(url) ? "a" : "strong");
    head.textContent = name;
    if (isOwnPath(url)) head.setAttribute("href", url);
    box.appendChild(head);
    if (detail) {
      var line = document.createElement("div");
      line.textContent = detail;
      box.appendChild(line);
    }
    return box;
  }

  function isOwnPath(url) {
    return typeof url === "string" && url.charAt(0) === "/" && url.charAt(1) !== "/" && url.charAt(1) !== "\\";
  }

  function stopIcon(label, state) {
    var disc = document.createElement("span");
    disc.textContent = label;
    return L.divIcon({
      className: "map-stop map-stop-" + state,
      html: disc,
      iconSize: [PIN_PIXELS, PIN_PIXELS],
      popupAnchor: [0, -14],
    });
  }

  function named(marker, name) {
    var element = marker.getElement();
    if (element) element.setAttribute("aria-label", name);
    return marker;
  }

  // Street names keep off what stands here.
  function keepFree(map, point) {
    map.roundsObstacles = map.roundsObstacles || [];
    map.roundsObstacles.push(point);
  }

  function stops(map, data) {
    data.stops.forEach(function (stop) {
      var title = stop.label + " " + stop.name;
      keepFree(map, [stop.lat, stop.lon]);
      var marker = L.marker([stop.lat, stop.lon], {
        icon: stopIcon(stop.label, stop.state),
        zIndexOffset: stop.state === "next" ? 1000 : 0,
        riseOnHover: true,
      });
      marker.bindPopup(popup(stop.name, stop.detail, stop.url), POPUP);
      named(marker.addTo(map), title);
      inStep(marker, stop.url);
    });
  }

  // A list beside the map asks for a stop, and hears which one is shown.
  function inStep(marker, url) {
    if (!url) return;
    marker.on("popupopen", function () {
      document.dispatchEvent(new CustomEvent("stop-shown", { detail: url }));
    });
    document.addEventListener("show-stop", function (event) {
      if (event.detail === url) marker.openPopup();
    });
  }

  function places(map, data) {
    data.places.forEach(function (place) {
      keepFree(map, [place.lat, place.lon]);
      L.circleMarker([place.lat, place.lon], { radius: 7, weight: 1.5, className: "map-place map-place-" + place.kind })
        .bindPopup(popup(place.name, place.detail, place.url), POPUP)
        .addTo(map);
    });
  }

  function pin(map, data) {
    var lon = document.getElementById(data.inputs.lon);
    var lat = document.getElementById(data.inputs.lat);
    var marker = null;

    function put(point) {
      if (marker) marker.setLatLng(point);
      else {
        marker = L.marker(point, { icon: stopIcon("", "next"), draggable: true, keyboard: false }).addTo(map);
        marker.on("dragend", function () { tell(marker.getLatLng()); });
      }
    }

    function tell(point) {
      var spot = point.wrap();
      lon.value = spot.lng.toFixed(6);
      lat.value = spot.lat.toFixed(6);
      [lon, lat].forEach(function (field) { field.dispatchEvent(new Event("change", { bubbles: true })); });
    }

    function read() {
      var point = [lat, lon].map(function (field) { return parseFloat(field.value.replace(",", ".")); });
      if (lat.value && lon.value && isFinite(point[0]) && isFinite(point[1])) {
        put(point);
        if (!map.getBounds().contains(point)) map.panTo(point, { animate: !isStill });
      }
    }

    if (data.pin) put([data.pin[1], data.pin[0]]);
    if (!lon || !lat) return;
    map.on("click", function (event) { put(event.latlng); tell(event.latlng); });
    [lon, lat].forEach(function (field) { field.addEventListener("input", read); });
    // A found address: near enough to see the house, and to move the pin to where one parks.
    lon.addEventListener("place", function () {
      read();
      if (!marker) return;
      map.setView(marker.getLatLng(), Math.max(map.getZoom(), PLACE_ZOOM));
      map.getContainer().scrollIntoView({ block: "nearest" });
    });
    read();
  }

  window.RoundsMap = Object.assign(window.RoundsMap || {}, { stops: stops, places: places, pin: pin });
})();

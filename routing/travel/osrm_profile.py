"""A Lua profile by which OSRM drives an exported network as our own engine does.

Written for OSRM's profile API 4. Speeds come from the export's tags, unrounded; turns cost what
``routing.travel.turns`` says, with its figures put in.
"""

from __future__ import annotations

import os
from pathlib import Path

from routing.network.osm_export import KMH, KMH_BACKWARD
from routing.network.roads import RoadNetwork
from routing.travel.driving import Driving
from routing.travel.turns import BIAS, U_TURN_SECONDS

PROFILE = """-- Made by Rounds for the map file beside it: its times hold for that file only.
api_version = 4

local turn_seconds = {turn_seconds!r}
local u_turn_seconds = {u_turn_seconds!r}
local bias = {bias!r}

function setup()
  return {{
    properties = {{
      weight_name = 'duration',
      max_speed_for_map_matching = 180 / 3.6,
      process_call_tagless_node = false,
      use_turn_restrictions = {minds_turns},
      left_hand_driving = {left},
      u_turn_penalty = u_turn_seconds,
      traffic_light_penalty = 0,
    }},
    restrictions = {{ 'motorcar', 'motor_vehicle', 'vehicle' }},
  }}
end

function process_node(profile, node, result)
end

function process_way(profile, way, result)
  local ahead = tonumber(way:get_value_by_key('{kmh}'))
  if ahead == nil then
    return
  end
  result.name = way:get_value_by_key('name') or ''
  result.forward_mode = mode.driving
  result.forward_speed = ahead
  if way:get_value_by_key('oneway') == 'yes' then
    result.backward_mode = mode.inaccessible
  else
    result.backward_mode = mode.driving
    result.backward_speed = tonumber(way:get_value_by_key('{kmh_backward}')) or ahead
  end
end

function process_turn(profile, turn)
  turn.duration = 0
  if turn.number_of_roads > 2 or turn.is_u_turn then
    local share
    if turn.angle >= 0 then
      share = 1 / (1 + math.exp(-(13 / bias * turn.angle / 180 - 6.5 * bias)))
    else
      share = 1 / (1 + math.exp(-(13 * bias * -turn.angle / 180 - 6.5 / bias)))
    end
    turn.duration = turn_seconds * share
  end
  if turn.is_u_turn then
    turn.duration = turn.duration + u_turn_seconds
  end
  turn.weight = turn.duration
end

return {{
  setup = setup,
  process_node = process_node,
  process_way = process_way,
  process_turn = process_turn,
}}
"""


def write_profile(network: RoadNetwork, driving: Driving, path: Path) -> None:
    """Write the profile; a file that is there is replaced by a whole one."""
    aside = path.with_name(f"aside-{path.name}")
    aside.write_text(osrm_profile(network, driving), encoding="utf-8")
    os.replace(aside, path)


def osrm_profile(network: RoadNetwork, driving: Driving) -> str:
    """The profile's text. Rush hours have no place in it."""
    left = network.drives_on == "left"
    turn_seconds = driving.turn_seconds if driving.turns else 0.0
    return PROFILE.format(
        turn_seconds=turn_seconds,
        u_turn_seconds=U_TURN_SECONDS if turn_seconds > 0 else 0.0,
        bias=1 / BIAS if left else BIAS,
        left="true" if left else "false",
        minds_turns="true" if driving.turns else "false",
        kmh=KMH,
        kmh_backward=KMH_BACKWARD,
    )

"""What is worked out for a network, kept as long as the network is."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary, ref

from routing.network.roads import RoadNetwork

Rest = ParamSpec("Rest")
Made = TypeVar("Made")
OfNetwork = Callable[Concatenate[RoadNetwork, Rest], Made]


def kept_with_network(most: int) -> Callable[[OfNetwork[Rest, Made]], OfNetwork[Rest, Made]]:
    """Like ``lru_cache`` with room for ``most`` results per network, but it keeps no network alive.

    A network that was read from its files holds two dozen of them open: one whose roads were built anew must
    be let go, however many maps were drawn of it. ``Made`` must not refer to the network.
    """

    def keeping(make: OfNetwork[Rest, Made]) -> OfNetwork[Rest, Made]:
        makers: WeakKeyDictionary[RoadNetwork, Callable[..., Made]] = WeakKeyDictionary()

        @wraps(make)
        def kept(network: RoadNetwork, /, *args: Rest.args, **kwargs: Rest.kwargs) -> Made:
            if network not in makers:
                makers[network] = lru_cache(most)(_weakly(make, ref(network)))
            made: Made = makers[network](*args, **kwargs)
            return made

        return kept

    return keeping


def _weakly(make: OfNetwork[Rest, Made], network: ref[RoadNetwork]) -> Callable[Rest, Made]:
    def made(*args: Rest.args, **kwargs: Rest.kwargs) -> Made:
        alive = network()
        assert alive is not None, "only called with the network in hand"
        return make(alive, *args, **kwargs)

    return made

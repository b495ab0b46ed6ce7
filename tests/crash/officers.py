"""Two officers who take a step of a round together; the second one clicks twice."""

from concurrent.futures import ThreadPoolExecutor

from tests.crash.clients import Client
from tests.crash.site import Site
from tests.procurement.bids.world import World

CLICKS = 2


class Officers:
    """The officers of a round at their machines.

    Args:
        site: The platform.
        world: The round.
    """

    def __init__(self, site: Site, world: World) -> None:
        first, second = (site.token(officer.id) for officer in world.officers)
        self._path = f"/api/v1/rounds/{world.name}/proposals"
        self._key = world.name
        self.first = Client(site.address, first)
        self.second = [Client(site.address, second) for _ in range(CLICKS)]

    @property
    def clients(self) -> list[Client]:
        """All their machines."""
        return [self.first, *self.second]

    def take_step(self, step: str, *, about: str = "") -> None:
        """Propose a step and confirm it."""
        proposed = self.first.post(self._path, json={"step": step, "about": about})
        assert proposed.status_code == 201, proposed.text
        confirm = f"{self._path}/{proposed.json()['id']}/confirm"
        key, body = f"{self._key}-{step}", {"digest": proposed.json()["digest"]}
        with ThreadPoolExecutor(CLICKS) as pool:
            answers = pool.map(lambda one: one.post(confirm, key=key, json=body), self.second)
            for answer in answers:
                assert answer.status_code == 201, answer.text

    def proposed(self, step: str) -> list[str]:
        """What became of each time that a step was proposed."""
        listed = self.first.get(self._path).json()["items"]
        return [one["status"] for one in listed if one["step"] == step]

    def close(self) -> None:
        """Hang up."""
        for client in self.clients:
            client.close()

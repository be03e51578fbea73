"""Seeds by name are the same on every machine, and others for another name."""

from kit.model.seeds import seed_of


def test_a_seed_depends_on_the_name_alone_and_fits():
    assert seed_of("conv1") == 285681077
    seeds = {seed_of(f"layer_{number}") for number in range(1000)}
    assert len(seeds) == 1000 and min(seeds) >= 0 and max(seeds) < 2**31

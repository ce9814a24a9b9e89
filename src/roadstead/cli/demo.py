"""`roadstead demo-data`: an installation as it may look after two years, to try things on."""

import click

from roadstead.cli.loading import loaded, one_line


@click.command("demo-data")
@click.option("--apps", "count", type=click.IntRange(20, 1_000_000), default=1_000, show_default=True, help="How many apps.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number, other names; the same number, the same ones.")
def demo_data(*, count: int, seed: int) -> None:
    """Fill an empty installation, or one of `up --demo`, with made-up apps in every state, people, reviews and instances.

    Nobody of them has a password. Refused where anybody else is.
    """
    serving = loaded("roadstead.cli.serving")
    demo, sample = loaded("roadstead.store.demo"), loaded("roadstead.vendors.sample")
    serving.make_ready()
    with one_line(), click.progressbar(length=count, label=f"{count} apps") as bar:
        demo.fill(sample=sample.ensure_sample, count=count, seed=seed, tell=lambda there: bar.update(there - bar.pos))

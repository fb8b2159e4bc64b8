"""Writes the pages generated from the program: `docs/commands.md`, `settings.md`, `metrics.md`.

Run `make docs` after changing a command, a setting or a metric; a test fails if they differ.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from matinee import metrics
from matinee.cli import COMMANDS, commands
from matinee.experiments.rosetta import GRADED, LIBRARIES, MEASURES
from matinee.metrics import Kind, Metric, Option
from matinee.settings import Settings

DOCS = Path(__file__).parent
_WIDTH = 92
_KINDS: dict[Kind, str] = {
    "list": "Lists, cut at k",
    "ranking": "Full rankings",
    "rating": "Predicted ratings",
}


def commands_page() -> str:
    """Every command with its help text."""
    parts = [
        "# Commands",
        (
            "Answers go to stdout, everything else to stderr; `--json` prints one JSON document. Exit status 0 is success,\n"
            "2 is input that can be put right, 1 a failure, and each error is one line."
        ),
    ]
    root = click.Context(
        help_option_names=["-h", "--help"],
        command=commands,
        info_name="matinee",
        max_content_width=_WIDTH,
        terminal_width=_WIDTH,
    )
    for name in COMMANDS:
        command = commands.get_command(root, name)
        assert command is not None  # noqa: S101 - COMMANDS are the commands there are
        parts += _help(name, command, root)
    return "\n\n".join(parts) + "\n"


def _help(name: str, command: click.Command, parent: click.Context) -> list[str]:
    """The help of a command and its subcommands."""
    context = click.Context(
        command, info_name=name, parent=parent, max_content_width=_WIDTH, terminal_width=_WIDTH
    )
    own = f"## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```"
    below = command.commands if isinstance(command, click.Group) else {}
    return [own, *(part for each, sub in below.items() for part in _help(each, sub, context))]


def settings_page() -> str:
    """Every setting with its default and meaning."""
    parts = [
        "# Settings",
        (
            "A value comes from the first of: a command's flag, the environment, the TOML file that `MATINEE_CONFIG` names\n"
            "(else `matinee.toml` in the platform's configuration folder), the default. Unknown names are refused.\n"
            "`matinee config` shows what is in force."
        ),
        "| in the file | in the environment | default | meaning |\n|---|---|---|---|\n"
        + "\n".join(_setting(name) for name in Settings.model_fields),
    ]
    return "\n\n".join(parts) + "\n"


def _setting(name: str) -> str:
    field = Settings.model_fields[name]
    default = "platform's data folder" if field.default_factory else _written(field.default)
    return f"| `{name}` | `MATINEE_{name.upper()}` | {default} | {field.description} |"


def _written(default: object) -> str:
    return "" if default in (None, "") else f"`{str(default).lower()}`"


def metrics_page() -> str:
    """Every metric with formula, source, options, differing libraries, and a value worked by hand."""
    parts = [
        "# Metrics",
        (
            "The metrics of an evaluation; `matinee metrics NAME` prints one section. Definitions are those of trec_eval where it has one. If\n"
            "libraries disagree, an option of the function selects the definition, and the text names the libraries. The values worked by hand\n"
            "are tests. `matinee rosetta` measures one list with the definitions of five libraries.\n\n"
            "A viewer without anything to measure has no value and is left out of the mean. Lists are cut at k; ties between a target and\n"
            "another film count against the model. n is the number of a viewer's targets, a hit is a target in the list."
        ),
    ]
    for kind, heading in _KINDS.items():
        parts += [f"## {heading}", *map(_metric, metrics.of_kind(kind))]
    parts += ["## One name, five definitions", _rosetta()]
    return "\n\n".join(parts) + "\n"


def _metric(metric: Metric) -> str:
    low, high = metric.bounds
    better = {True: "higher is better", False: "lower is better", None: "neither is better"}
    facts = [
        f"`{metric.definition}`",
        (
            f"{metric.source}. {low:g} to {high:.4g}, {better[metric.higher_is_better]}, "
            f"{'a value for each viewer' if metric.per_viewer else 'one value for all viewers'}."
        ),
    ]
    return "\n\n".join([f"### {metric.name}", *facts, *_explained(metric)])


def _explained(metric: Metric) -> list[str]:
    """The docstring, or a reference to the metric it is a variant of."""
    if isinstance(metric.function, partial):
        (plain,) = [
            name for name in metrics.names() if metrics.get(name).function is metric.function.func
        ]
        options = ", ".join(
            f"`{name}={value!r}`" for name, value in metric.function.keywords.items()
        )
        return [f"[{plain}](#{plain}) with {options}."]
    explained = metric.explanation
    worked, *code = explained.example.partition("\n\n>>>")
    options = "; ".join(_option(name, each) for name, each in metric.options.items())
    return list(
        filter(
            None,
            [
                explained.summary,
                explained.text,
                f"Options: {options}." if options else "",
                f"By hand: {worked[0].lower()}{worked[1:]}",
                f"```python\n{''.join(code).strip()}\n```",
            ],
        )
    )


def _rosetta() -> str:
    """The definition in each library, as computed by `matinee rosetta`."""
    head = f"| | {' | '.join(LIBRARIES)} |\n|{'---|' * (len(LIBRARIES) + 1)}"
    rows = [
        f"| {measure} | {' | '.join(row[each].formula if each in row else '-' for each in LIBRARIES)} |"
        for measure, row in {**MEASURES, **GRADED}.items()
    ]
    return (
        "Definitions of each library with its defaults; in the last two rows LensKit and Microsoft's recommenders use ratings. Checked\n"
        "against the libraries themselves.\n\n" + "\n".join([head, *rows])
    )


def _option(name: str, option: Option) -> str:
    choices = " or ".join(f"`{each}`" for each in option.choices if each != option.default)
    return f"`{name}` is `{option.default}`" + (f", or {choices}" if choices else "")


if __name__ == "__main__":
    (DOCS / "commands.md").write_text(commands_page(), encoding="utf-8")
    (DOCS / "settings.md").write_text(settings_page(), encoding="utf-8")
    (DOCS / "metrics.md").write_text(metrics_page(), encoding="utf-8")

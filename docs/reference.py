"""Writes the pages generated from the program: `docs/commands.md`, `settings.md`, `metrics.md`.

Run `make docs` after changing a command, a setting or a metric; a test fails if they differ.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from matinee import metrics
from matinee.cli import COMMANDS, commands
from matinee.metrics import Kind, Metric, Option
from matinee.settings import Settings

DOCS = Path(__file__).parent
_WIDTH = 92
_KINDS: dict[Kind, str] = {
    "list": "Lists, cut at k",
    "ranking": "Full rankings",
    "rating": "Predicted ratings",
}

_DEFINITIONS = """\
The definitions of trec_eval 9, RecTools 0.19.0, LensKit 2025.8.1, RecBole 1.2.1 and Microsoft's recommenders 1.2.1, with their
defaults; in the last two rows LensKit with `gain` and Microsoft's with `score_type` set. n is the number of targets.

| | trec_eval | RecTools | LensKit | RecBole | Microsoft |
|---|---|---|---|---|---|
| precision | hits / k | hits / k | hits / min(k, length of the list) | hits / k | hits / k |
| recall | hits / n | hits / n | hits / min(k, n) | hits / n | hits / n |
| MAP | sum of precision at hits / n | sum of precision at hits / n | sum of precision at hits / min(k, n, length of the list) | sum of precision at hits / min(k, n) | sum of precision at hits / min(k, n) |
| NDCG | 1/log2(rank+1), over that of min(k, n) hits | 1/log2(rank+1), over that of k hits | 1/max(1, log2(rank)), over that of min(k, n) hits | 1/log2(rank+1), over that of min(k, n) hits | 1/log2(rank+1), over that of min(k, n) hits |
| MRR | 1 / rank of the first hit, no cut at k | 1 / rank of the first hit among the first k | 1 / rank of the first hit among the first k | 1 / rank of the first hit among the first k | - |
| hit rate | 1 if any hit among the first k | 1 if any hit among the first k | 1 if any hit among the first k | 1 if any hit among the first k | - |
| NDCG, ratings | rating/log2(rank+1), over that of the best order | - | rating/max(1, log2(rank)), over that of the best order | - | rating/log2(rank+1), over that of the best order |
| NDCG, 2^rating-1 | - | - | - | - | (2^rating-1)/log2(rank+1), over that of the best order |"""


_OTHER_NAMES = """\
| elsewhere | here | difference |
|---|---|---|
| precision@k and recall@k of Surprise 1.1.5, `precision_recall_at_k` in its FAQ | [precision-predicted](#precision-predicted), [recall-predicted](#recall-predicted) with `--protocol ratings` or `folds` | the lower rating first among equal predictions, where Surprise keeps the order of the test; a threshold at 62.5% of the scale, which is its 3.5 on 1 to 5. They order the films a viewer rated in the test; [precision](#precision) and [recall](#recall) rank every unseen film and are far lower |
| Surprise `accuracy.rmse`, `mae`, `mse` | [rmse](#rmse), [mae](#mae), [mse](#mse) | none |
| Surprise `accuracy.fcp` | [fcp](#fcp) with `counts="means"` | the default pools pairs, as the paper |
| AP@k, MAP@k of Kaggle, RecBole and Microsoft's `map_at_k` | [map-capped](#map-capped) | none; [map](#map) divides by all targets |
| RecTools `F1Beta` | [f1](#f1) with `beta` | none |
| LensKit `RBP` | [rbp](#rbp) with `persistence=0.85` | the default is 0.8 |
| Microsoft `rsquared`, `exp_var` | [r2](#r2), [explained-variance](#explained-variance) | NaN if all ratings are equal |
| trec_eval P, success, recip_rank, Rprec | [precision](#precision), [hit-rate](#hit-rate), [mrr-uncut](#mrr-uncut), [r-precision](#r-precision) | none |
| overlap of two runs, RBO | columns `Jaccard` and `RBO` of `matinee evaluate --pairs` | they compare two models and measure neither ([comparing](comparing.md)) |"""

_LEFT_OUT = """\
- **Viewers without targets as 0.** They have no value. A model cannot find what is not there, and with zeros a mean would change with the
  number of such viewers. Where another library counts them, multiply the mean by evaluated / (evaluated + left out); both numbers are
  in the output.
- **Log loss.** It needs the probability that a rating occurs. Scores and predicted ratings are no probabilities, and any rule that made
  them some would decide the result.
- **bpref** compares judged relevant with judged irrelevant films. Only targets are judged here, and unrated films are unknown.
- **Matthews correlation, accuracy.** Nearly all films are neither listed nor targets. Accuracy is then close to 1 for every model, and the
  correlation is close to the geometric mean of precision and recall; [f1](#f1) is their harmonic mean."""


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
            "are tests. The last sections compare the definitions of five libraries, give the names that others use, and say what is left out.\n\n"
            "A viewer without anything to measure has no value and is left out of the mean; the evaluation says how many there are. Lists are cut\n"
            "at k; ties between a target and another film count against the model. n is the number of a viewer's targets, a hit is a target in\n"
            "the list. Lists and rankings are measured by protocols that rank films, predicted ratings by `folds` and `ratings`; `--metrics`\n"
            "refuses a metric that the protocol does not measure, and `--metrics ndcg@20` measures lists of 20 in addition to those of `--k`."
        ),
    ]
    for kind, heading in _KINDS.items():
        parts += [f"## {heading}", *map(_metric, metrics.of_kind(kind))]
    parts += ["## One name, five definitions", _DEFINITIONS]
    parts += ["## Other names", _OTHER_NAMES, "## Left out", _LEFT_OUT]
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


def _option(name: str, option: Option) -> str:
    choices = " or ".join(f"`{each}`" for each in option.choices if each != option.default)
    return f"`{name}` is `{option.default}`" + (f", or {choices}" if choices else "")


if __name__ == "__main__":
    (DOCS / "commands.md").write_text(commands_page(), encoding="utf-8")
    (DOCS / "settings.md").write_text(settings_page(), encoding="utf-8")
    (DOCS / "metrics.md").write_text(metrics_page(), encoding="utf-8")

"""Our answers beside those of real Feast, over what real Feast wrote."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from interop import answers, differences, questions, repository, servers
from interop.answers import Outcome
from interop.differences import DIFFERENCES, NEW, Difference
from interop.questions import Question
from interop.stored import STORES
from interop.world import World


def put(world: World, question: Question) -> tuple[Outcome, Outcome]:
    """What Feast answers, and what ours does in the same shape."""
    theirs = world.feast[question.store].post(servers.ROWS, question.request)
    if question.store == NEW:
        ours = world.ours[question.store].post(servers.COLUMNS, question.request)
        return answers.of_columns(theirs), answers.of_columns(ours)
    ours = world.ours[question.store].post(servers.ROWS, question.request)
    return answers.of_rows(theirs), answers.of_rows(ours)


def disagreement(world: World, question: Question, in_their_shape: Outcome) -> str | None:
    """How our two shapes differ in what they say; Feast's servers have one shape each."""
    if question.store == NEW:
        in_other_shape = answers.of_rows(world.ours[question.store].post(servers.ROWS, question.request))
    else:
        in_other_shape = answers.of_columns(world.ours[question.store].post(servers.COLUMNS, question.request))
    one, other = answers.without_shape(in_their_shape), answers.without_shape(in_other_shape)
    return None if one == other else f"in one shape: {one}\nin the other: {other}"


def told(question: Question, theirs: Outcome, ours: Outcome) -> str:
    expected = differences.expect(question, theirs)
    return "\n".join(
        [
            f"{question.store}, {question.about}: {json.dumps(question.request, ensure_ascii=False)}",
            f"Feast: {theirs}",
            f"expected of ours ({', '.join(expected.of) or 'the same'}): {expected.outcome}",
            f"ours: {ours}",
        ]
    )


def as_expected(question: Question, theirs: Outcome, ours: Outcome) -> bool:
    return differences.fulfils(ours, differences.expect(question, theirs).outcome)


def save(question: Question, name: str) -> str:
    """Returns the command that asks it again."""
    folder = repository.OUTPUT / "failed"
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.json"
    file.write_text(question.to_json() + "\n")
    return f"e2e/feast/run --replay {shlex.quote(str(file.relative_to(repository.ROOT)))}"


@pytest.mark.parametrize("store", STORES)
def test_answers_as_feast_does(world: World, store: str, request: pytest.FixtureRequest) -> None:
    seed, count = request.config.option.seed, request.config.option.questions
    failures = []
    for number, question in enumerate(questions.generate(STORES[store], seed, count)):
        theirs, ours = put(world, question)
        if not as_expected(question, theirs, ours):
            failures.append(f"{save(question, f'{store}-{seed}-{number}')}\n{told(question, theirs, ours)}")
        elif differing := disagreement(world, question, ours):
            failures.append(f"{save(question, f'{store}-{seed}-{number}')}\n{question.request}\n{differing}")
    if failures:
        shown = "\n\n".join(failures[:5])
        pytest.fail(f"{len(failures)} of {count} questions are answered otherwise than Feast does:\n\n{shown}", False)


EXAMPLES = [
    pytest.param(difference, store, example, id=f"{difference.name}-{store}-{number}")
    for difference in DIFFERENCES
    for store, examples in difference.examples.items()
    for number, example in enumerate(examples)
]


@pytest.mark.parametrize(("difference", "store", "example"), EXAMPLES)
def test_differs_as_the_list_says_and_the_list_says_nothing_dead(
    world: World, difference: Difference, store: str, example: Any
) -> None:
    question = Question(store, difference.name, example)
    theirs, ours = put(world, question)
    expected = differences.expect(question, theirs)
    assert difference.name in expected.of, f"{difference.name} is dead: take it off the list\nFeast: {theirs}"
    assert as_expected(question, theirs, ours), told(question, theirs, ours)


@pytest.mark.replay
def test_replay(world: World, request: pytest.FixtureRequest) -> None:
    file: Path = request.config.option.replay
    question = Question.load(file)
    theirs, ours = put(world, question)
    print(told(question, theirs, ours))
    assert as_expected(question, theirs, ours)
    assert disagreement(world, question, ours) is None

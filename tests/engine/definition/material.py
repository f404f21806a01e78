"""What the tests of definitions share: the corpus, and JSON of every shape."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

CORPUS = sorted((Path(__file__).parents[2] / "golden" / "definitions").rglob("*.json"))

_KEYS = """
Name Type Arguments Steps Parameters DependsOn Step Trigger Get Std:Join On Values Std:JsonGet PropertyFile Path
Conditions IfSteps ElseSteps ForEachBody LeftValue RightValue Condition DefaultValue EnumValues PropertyFiles
OutputName Metadata Version ProcessingInputs S3Input S3Uri InputDataConfig Resources S3 StepName a/b~c
"""
_WORDS = """
A B Processing Training Condition Fail ForEach Cleanup Equals In Not Or Any Steps.A.X Steps.B.PropertyFiles.R
Parameters.P Execution.Nope ForEach.CurrentItem Steps. String Integer
"""
KEYS = st.sampled_from(_KEYS.split())
WORDS = st.sampled_from(_WORDS.split())
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    WORDS,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(KEYS, WORDS), inner, max_size=5)),
    max_leaves=25,
)
STEP = st.fixed_dictionaries({"Name": WORDS, "Type": WORDS}, optional={"Arguments": JSON, "DependsOn": JSON})
STEPS = st.lists(st.one_of(JSON, STEP), max_size=6)
DEFINITIONS = st.one_of(JSON, st.fixed_dictionaries({"Steps": STEPS}, optional={"Parameters": JSON, "Metadata": JSON}))

"""What libraries say when they raise, and what that means: the table behind `python_causes`."""

from __future__ import annotations

from typing import NamedTuple

from engine.failures.cause import Action

CODE = (Action.OPEN_CODE, Action.SHOW_LOG)
DATA = (Action.OPEN_CODE, Action.OPEN_STEP, Action.USE_LAST_GOOD)


class Rule(NamedTuple):
    """`error`: names of classes, "" for any. `message`: what it has to say; its groups fill `what` as {name}."""

    error: str
    message: str
    code: str
    title: str
    what: str
    advice: str
    actions: tuple[Action, ...] = DATA


#: First match wins. Patterns come from the libraries' own messages (pandas 2, polars 1 and 2, DuckDB, scikit-learn,
#: XGBoost, LightGBM, PyArrow, requests, the standard library).
RULES = (
    Rule(
        "ModuleNotFoundError",
        r"No module named '(?P<module>[^']+)'",
        "package-missing",
        "A package is missing",
        "The script imports {module}, which its environment does not hold.",
        "Add its package to a requirements.txt beside the script.",
        (Action.ADD_PACKAGE, Action.OPEN_CODE),
    ),
    Rule(
        "ImportError",
        r"(?P<said>[^(]+)",
        "import-error",
        "An import failed",
        "{said}",
        "Another version of the package is installed than the script expects: name the version in requirements.txt.",
        CODE,
    ),
    Rule(
        "SyntaxError|IndentationError|TabError",
        r"(?P<said>.*)",
        "syntax-error",
        "The script is not valid Python",
        "Python cannot read the script: {said}.",
        "Correct the line.",
        (Action.OPEN_CODE,),
    ),
    Rule(
        "BinderException|ColumnNotFoundError|CatalogException",
        r'(?:Referenced column |unable to find column |column )?"(?P<column>[^"]+)"'
        r'(?: not found|; valid columns|)(?:[^\[]*Candidate bindings: (?P<known>"[^\n]+"))?',
        "column-missing",
        "A column is missing",
        'There is no column "{column}" in the table.',
        "Choose a column that is there, or bring it back in the step before.",
    ),
    Rule(
        "ValueError",
        r"(?:columns expected but not found|Missing column provided to '\w+'|yet now missing): ?\s*(?:- )?\[?'?"
        r"(?P<column>[^'\]\n]+)",
        "column-missing",
        "A column is missing",
        'There is no column "{column}" in the table.',
        "Choose a column that is there, or bring it back in the step before.",
    ),
    Rule(
        "",
        r"(?:greater than one; got 1 class|at least 2 classes in the data|[Oo]nly one class|contains? 1 class)",
        "one-class-only",
        "There is only one class",
        "Every row has the same value in the target, so there is nothing to tell apart.",
        "Choose another target, or look at what the steps before it filter out.",
    ),
    Rule(
        "",
        r"(?:Found array with 0 (?:sample|feature)|n_samples=0|[Nn]o columns to parse from file|zero-size array"
        r"|at least one array or dtype is required|empty (?:dataset|DataFrame|vocabulary))",
        "empty-table",
        "The table is empty",
        "There is not a single row to work with.",
        "Look at what the step before it left: a filter or a split may have taken everything.",
    ),
    Rule(
        "",
        r"(?:least populated class|cannot be greater than the number of members|greater than the number of samples)",
        "too-few-rows",
        "There are too few rows",
        "A class or a part has fewer rows than the split or the folds need.",
        "Bring more rows, use fewer folds, or do not keep the mix of classes.",
    ),
    Rule(
        "ValueError",
        r"(?:Input (?P<which>\w+ )?contains (?:NaN|infinity)|contains NaN|Input data contains `inf`)",
        "missing-values",
        "Values are missing",
        "The table has missing or endless values, and this method takes none.",
        "Fill or drop them in a Clean step before it.",
    ),
    Rule(
        "",
        r"could not convert string to float: ?(?P<value>'[^']*'|\S+)",
        "wrong-type",
        "A column has the wrong type",
        "A number was expected, and {value} came.",
        "Leave that column out, or turn it into numbers in the step before.",
    ),
    Rule(
        "",
        r"(?:invalid literal for int\(\)|Invalid columns: ?(?P<column>[\w .-]+?):|dtypes must be int, float"
        r"(?:.*bad pandas dtypes: (?P<field>[\w .-]+?):)?"
        r"|[Cc]ould not convert (?:string|.+ to numeric)|does not support reduction|conversion from `\w+` to"
        r"|Cannot compare types|unsupported operand type|can only concatenate|not supported between instances"
        r"|must be (?:a )?(?:real )?number|Cannot perform reduction|Unknown label type|Can only use \.\w+ accessor)",
        "wrong-type",
        "A column has the wrong type",
        "Values of another type came than the code works with: {said}",
        "Look at the column's type in the step before, and convert it there.",
    ),
    Rule(
        "ValueError",
        r"(?:inconsistent numbers of samples|features?, but \w+ is expecting|feature_names mismatch"
        r"|shapes? .+ not aligned|[Ll]ength of values)",
        "shape-mismatch",
        "The data has another shape",
        "Rows or columns do not fit together: {said}",
        "Both sides have to come from the same preparation: connect the same step to both.",
    ),
    Rule(
        "JSONDecodeError",
        r"(?P<said>.+)",
        "file-unreadable",
        "A file is not readable JSON",
        "A file that should be JSON is not: {said}.",
        "Look into the file; an empty one or an HTML page are common.",
    ),
    Rule(
        "ParserError",
        r"(?P<said>.+)",
        "file-unreadable",
        "A table cannot be read",
        "The CSV cannot be read: {said}.",
        "Often the delimiter or the quoting is another one than the code expects.",
    ),
    Rule(
        "UnicodeDecodeError|UnicodeError",
        r"'(?P<encoding>[\w-]+)' codec can't decode",
        "file-unreadable",
        "A file has another encoding",
        "The file is not written in {encoding}.",
        "Read it with its own encoding, for example latin-1 or utf-16.",
    ),
    Rule(
        "UnpicklingError",
        r"invalid load key, '\{'",
        "file-unreadable",
        "The model is not a pickle",
        "The file begins with a brace, as JSON and the models of newer XGBoost do; no pickle begins so.",
        "A model of the built-in XGBoost is read with booster = xgboost.Booster() and booster.load_model(path) in "
        "place of pickle.load. Only its images before 1.3 leave a pickle.",
        CODE,
    ),
    Rule(
        "ArrowInvalid|BadZipFile|BadGzipFile|UnpicklingError|EOFError|ReadError|InvalidInputException|LZMAError",
        r"(?P<said>.*)",
        "file-unreadable",
        "A file cannot be read",
        "A file is damaged or of another kind: {said}",
        "Look whether it was written to its end, and whether it is what its name says.",
    ),
    Rule(
        "FileNotFoundError",
        r"(?:.*?'(?P<path>[^']+)')?",
        "file-not-found",
        "A file is not there",
        "The script looks for {path}, and it is not there.",
        "Look at the inputs of the step: their folders, and what the step before them wrote.",
    ),
    Rule(
        "PermissionError",
        r"(?:.*?'(?P<path>[^']+)')?",
        "permission-denied",
        "Access was denied",
        "The step may not write or read {path}.",
        "Write below /opt/ml or the temporary folder; inputs and the system are read-only.",
        CODE,
    ),
    Rule(
        "ConnectionRefusedError|ConnectionError|URLError|gaierror|MaxRetryError|NewConnectionError|ConnectTimeout"
        r"|ConnectTimeoutError|EndpointConnectionError|SSLError|ConnectionResetError|NameResolutionError|ReadTimeout",
        r"(?P<said>.*)",
        "network-refused",
        "The network did not answer",
        "The script could not reach another machine: {said}",
        "Look whether this step may use the network (EnableNetworkIsolation), and whether the address is right.",
        (Action.OPEN_CODE, Action.OPEN_STEP, Action.RETRY),
    ),
    Rule(
        "MemoryError",
        "",
        "out-of-memory",
        "Out of memory",
        "The data does not fit into the memory the step may use.",
        "Choose a larger instance type, or read less at once.",
        (Action.RAISE_MEMORY, Action.OPEN_CODE, Action.RETRY),
    ),
    Rule(
        "TimeoutError",
        r"(?P<said>.*)",
        "network-refused",
        "Something did not answer in time",
        "The script waited for something that did not come. {said}",
        "Look whether it may use the network, and whether the address is right.",
        (Action.OPEN_CODE, Action.RETRY),
    ),
)

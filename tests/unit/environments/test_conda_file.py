"""A conda file is read as what pip can install, package by package, and nothing is dropped in silence."""

import pytest

from jupyter_aml.entities.conda_file import read
from jupyter_aml.exceptions import ValidationException


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("numpy", "numpy"),
        ("numpy=*", "numpy"),
        ("numpy=1.21", "numpy==1.21.*"),
        ("numpy=1.21.*", "numpy==1.21.*"),
        ("numpy 1.21.*", "numpy==1.21.*"),
        ("numpy==1.21", "numpy==1.21"),
        ("numpy 1.21", "numpy==1.21"),
        ("numpy =1.21", "numpy==1.21.*"),
        ("numpy=1.21.2=py38h_0", "numpy==1.21.2"),
        ("numpy==1.21.2=py38h_0", "numpy==1.21.2"),
        ("numpy>=1.20,<2", "numpy>=1.20,<2"),
        ("numpy >=1.20, <2", "numpy>=1.20,<2"),
        ("numpy!=1.20.*", "numpy!=1.20.*"),
        ("numpy~=1.20", "numpy~=1.20"),
        ("numpy[version='>=1.2,<2']", "numpy>=1.2,<2"),
        ("numpy=1.2[build=py38_0]", "numpy==1.2.*"),
        ("dask[complete]", "dask[complete]"),
        ("conda-forge::numpy=1.21", "numpy==1.21.*"),
        ("Pillow=9", "pillow==9.*"),
        ("pytorch=1.10", "torch==1.10.*"),
        ("pytorch::torchvision", "torchvision"),
        ("py-xgboost", "xgboost"),
        ("opencv", "opencv-python-headless"),
        ("ruamel_yaml", "ruamel.yaml"),
        ("python-graphviz", "graphviz"),
        ("pip=21.2", "pip==21.2.*"),
    ],
)
def test_a_package_is_what_pip_calls_it(written: str, line: str) -> None:
    found = read({"dependencies": [written]})
    assert (found.lines, found.conda_only, found.left_out) == ((line,), (), ())


@pytest.mark.parametrize(
    ("written", "pythons"),
    [
        ("python", ()),
        ("python=3.8", ("3.8",)),
        ("python=3.8.*", ("3.8",)),
        ("python==3.8", ("3.8",)),
        ("python 3.8", ("3.8",)),
        ("python=3.8.5", ("3.8.5", "3.8")),
        ("python==3.8.5=h5d_0", ("3.8.5", "3.8")),
        ("python>=3.6,<3.9", (">=3.6,<3.9",)),
        ("python=3.7|3.8", ("3.7", "3.8")),
    ],
)
def test_the_python_is_asked_for_in_the_order_of_preference(written: str, pythons: tuple[str, ...]) -> None:
    assert read({"dependencies": [written]}).pythons == pythons


@pytest.mark.parametrize(
    "written", ["cudatoolkit=11.3", "openmpi", "r-base", "r-ggplot2=3", "bioconductor-edger", "gcc", "numpy=1.1|1.3"]
)
def test_what_pip_cannot_install_is_told_apart(written: str) -> None:
    found = read({"dependencies": ["six", written]})
    assert (found.lines, found.conda_only) == (("six",), (written,))


@pytest.mark.parametrize("written", ["openssl=1.1.1g", "_libgcc_mutex=0.1=main", "mkl", "ca-certificates"])
def test_what_an_interpreter_brings_along_is_left_out_and_named(written: str) -> None:
    found = read({"dependencies": [written]})
    assert (found.lines, found.conda_only, found.left_out) == ((), (), (written,))


def test_the_lines_below_pip_are_passed_on_as_they_are() -> None:
    lines = ["azureml-mlflow", "-r more.txt", "--extra-index-url https://x/simple", "git+https://x/y@v1", "a[b]==1"]
    assert read({"dependencies": ["numpy", {"pip": lines}]}).lines == ("numpy", *lines)


def test_the_variables_of_a_conda_file_are_read() -> None:
    assert read({"dependencies": [], "variables": {"A": 1}}).variables == {"A": "1"}


@pytest.mark.parametrize(
    "nothing", [{}, {"dependencies": None}, {"dependencies": []}, {"dependencies": [{"pip": None}]}]
)
def test_a_file_that_asks_for_nothing_is_no_error(nothing: dict[str, object]) -> None:
    assert read(nothing).lines == ()


@pytest.mark.parametrize(
    ("dependencies", "words"),
    [
        ("numpy", "conda_file.dependencies: a list is expected"),
        ([{"pip": "numpy"}], r"conda_file.dependencies\[0\].pip: a list is expected"),
        (["numpy", {"npm": ["x"]}], r"conda_file.dependencies\[1\].npm: not a kind of package"),
        (["=1.2"], "'=1.2' is not a package"),
        (["python=three"], "'python=three' is no version of Python"),
    ],
)
def test_what_is_no_conda_file_is_refused_by_its_path(dependencies: object, words: str) -> None:
    with pytest.raises(ValidationException, match=words):
        read({"dependencies": dependencies})

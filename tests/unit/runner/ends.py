"""Scripts that fail in many ways, and what is said of each. They make no claim.

A line that ends with `# @5.3` is line 3 of cell 5.
"""

ENDS = {
    "a library's frames": (
        """
import json
json.loads('{')  # @3.1
""",
        "cell 3, line 1: json.decoder.JSONDecodeError: ",
    ),
    "no message": (
        """
assert sys is None  # @7.2
""",
        "cell 7, line 2: AssertionError",
    ),
    "a message of lines": (
        r"""
raise ValueError('\nAll failed.\nmore')  # @1.1
""",
        "line 1: ValueError: All failed.",
    ),
    "a class of main's": (
        """
def main(args):
    class Bad(Exception):
        pass
    raise Bad('x')  # @2.4
main(1)
""",
        "cell 2, line 4: Bad: x",
    ),
    "recursion": (
        """
def a(n):
    return b(n)  # @1.2
def b(n):
    return a(n)  # @2.2
def main(x):
    a(1)  # @3.1
main(1)
""",
        "RecursionError: maximum recursion depth exceeded",
    ),
    "a cause": (
        """
try:
    {}['k']  # @2.2
except KeyError as e:
    raise RuntimeError('late') from e  # @2.4
""",
        "cell 2, line 4: RuntimeError: late",
    ),
    "a context": (
        """
try:
    {}['k']  # @2.2
except KeyError:
    print(nothing)  # @2.4
""",
        "cell 2, line 4: NameError: name 'nothing' is not defined",
    ),
    "a thread": (
        """
def work():
    1 / 0  # @3.2
t = threading.Thread(target=work)
t.start()
t.join()
sys.exit(3)
""",
        "cell 3, line 2: ZeroDivisionError: division by zero",
    ),
    "a progress bar": (
        r"""
print('\r 45%|####   | 45/100', end='', flush=True, file=sys.stderr)
1 / 0  # @3.2
""",
        "cell 3, line 2: ZeroDivisionError",
    ),
    "words behind it": (
        """
import atexit
atexit.register(print, 'View run: nowhere', file=sys.stderr)
1 / 0  # @3.2
""",
        "cell 3, line 2: ZeroDivisionError",
    ),
    "evaluated text": (
        """
eval('1 +')  # @6.1
""",
        "cell 6, line 1: SyntaxError: invalid syntax",
    ),
    "a note": (
        """
try:
    int('x')  # @2.2
except ValueError as e:
    e.add_note('and: this')
    raise
""",
        "cell 2, line 2: ValueError: invalid literal for int() with base 10: 'x'",
    ),
    "a statement of lines": (
        """
values = dict(
    a=1,  # @2.2
    b=int('x'),  # @2.3
    c=2,  # @2.4
)
""",
        "cell 2, line 3: ValueError: invalid literal",
    ),
    "a group": (
        """
def f():
    1 / 0  # @1.2
try:
    f()  # @2.2
except ZeroDivisionError as e:
    raise ExceptionGroup('two', [e, ValueError('v')])  # @2.4
""",
        "cell 2, line 4: ExceptionGroup: two (2 sub-exceptions)",
    ),
    "a task group": (
        """
import asyncio
async def bad():
    raise KeyError('k')  # @1.3
async def main(a):
    async with asyncio.TaskGroup() as group:  # @2.1
        group.create_task(bad())  # @2.2
asyncio.run(main(1))
""",
        "cell 2, line 1: ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)",
    ),
    "a pool": (
        """
from multiprocessing import Pool
def f(x):
    return 1 / x  # @1.3
if __name__ == '__main__':
    with Pool(2) as pool:
        pool.map(f, [0])  # @4.2
""",
        "cell 1, line 3: ZeroDivisionError: division by zero",
    ),
    "a spawned process": (
        """
import multiprocessing
def f(x):
    return 1 / x  # @1.3
if __name__ == '__main__':
    p = multiprocessing.get_context('spawn').Process(target=f, args=(0,))
    p.start()
    p.join()
    sys.exit(p.exitcode)
""",
        "cell 1, line 3: ZeroDivisionError: division by zero",
    ),
    "an executor": (
        """
from concurrent.futures import ProcessPoolExecutor
def f(x):
    return 1 / x  # @1.3
if __name__ == '__main__':
    with ProcessPoolExecutor(1) as pool:
        list(pool.map(f, [0]))  # @4.2
""",
        "cell 1, line 3: ZeroDivisionError: division by zero",
    ),
    "joblib": (
        """
from joblib import Parallel, delayed
def f(x):
    return 1 / x  # @1.3
if __name__ == '__main__':
    Parallel(n_jobs=2)(delayed(f)(x) for x in [0, 0])  # @4.2
""",
        "cell 1, line 3: ZeroDivisionError: division by zero",
    ),
}

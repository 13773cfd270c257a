"""The risk matrix: programs whose every difference between warm and cold would show. Texts only; makes no claim."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Program:
    """A program: its files, its command, the libraries that the warm worker holds for it."""

    files: dict[str, str]
    command: str = "python main.py"
    modules: tuple[str, ...] = ("numpy",)
    environment: dict[str, str] = field(default_factory=dict[str, str])


def script(text: str, *modules: str, command: str = "python main.py", **files: str) -> Program:
    others = {name.replace("__", "/") + ".py": body for name, body in files.items()}
    return Program({"main.py": text, **others}, command, modules or ("numpy",))


SURROUNDINGS = """
import json, locale, os, sys
print(sys.argv, sys.orig_argv, sys.path, sys.executable, sys.prefix, sys.flags, sys.warnoptions)
print(os.getcwd(), sorted(os.listdir('.')), __name__, __file__, sorted(globals()), __spec__, __package__, __doc__)
print(type(__builtins__), type(__loader__), __loader__.path, __annotations__)
print(sys.modules['__main__'].__dict__ is globals())
print(json.dumps({k: v for k, v in os.environ.items() if k not in ('_',)}, sort_keys=True, indent=1))
for stream in (sys.stdin, sys.stdout, sys.stderr):
    print(stream.name, stream.mode, stream.encoding, stream.errors, stream.isatty())
    print(stream.line_buffering, stream.write_through)
print(repr(sys.stdin.read()), locale.getlocale(), os.umask(0o22), sys.getrecursionlimit(), sys.getswitchinterval())
print(len(os.listdir('/proc/self/fd')), os.getpgid(0) == os.getpid(), os.nice(0))
print(sys.gettrace(), sys.excepthook is sys.__excepthook__)
import gc, signal, threading, tempfile, warnings
print(gc.isenabled(), gc.get_threshold(), threading.current_thread().name)
print(threading.active_count(), tempfile.gettempdir())
print({n: str(signal.getsignal(n)) for n in sorted(signal.valid_signals()) if n not in (9, 19)})
print(signal.pthread_sigmask(0, ()))
print(signal.getitimer(signal.ITIMER_REAL), signal.set_wakeup_fd(-1), sys.stdin.fileno(), sys.exc_info())
"""

TRACEBACK = """
from part import divide
def outer():
    try:
        divide(0)
    except ZeroDivisionError as error:
        raise ValueError('no: é') from error
outer()
"""

LEAVING = """
import atexit, logging, sys, threading, time, weakref
class Last:
    def __del__(self): print('deleted')
kept = Last()
cycle = Last(); cycle.me = cycle
file = open('outputs/unflushed.txt', 'w'); file.write('all of it')
atexit.register(lambda: print('second')); atexit.register(lambda: print('first'))
def late():
    threading.main_thread().join(); print('late thread', file.closed)
threading.Thread(target=late).start()
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
logging.basicConfig(); logging.warning('a warning'); logging.getLogger('x').error('an error')
import warnings; warnings.warn('mind this'); warnings.warn('and this', DeprecationWarning)
warnings.warn('not this', ImportWarning)
print('end of main', end=''); sys.stderr.write('err')
"""

MANY = """
import asyncio, multiprocessing as mp, pickle, subprocess, sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
class Mine:
    value = 3
def square(x): return x * x
if __name__ == '__main__':
    for how in ('spawn', 'fork', 'forkserver'):
        with mp.get_context(how).Pool(2) as pool: print(how, pool.map(square, range(4)))
    with ProcessPoolExecutor(2) as pool: print(list(pool.map(square, [1, 2])))
    with ThreadPoolExecutor(2) as pool: print(list(pool.map(square, [1, 2])))
    queue = mp.Queue(); child = mp.Process(target=queue.put, args=(5,)); child.start(); print(queue.get())
    child.join(); print(child.exitcode)
    print(pickle.loads(pickle.dumps(Mine())).value, Mine.__module__, asyncio.run(asyncio.sleep(0, 'aio')))
    print(subprocess.run([sys.executable, '-c', 'print(6)'], capture_output=True, text=True).stdout)
"""

LEARNING = """
import numpy as np
from joblib import Parallel, delayed
from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from threadpoolctl import threadpool_info
def f(x): return x * x
X, y = make_classification(2000, 8, random_state=0)
print('hgb', HistGradientBoostingClassifier(max_iter=5, random_state=0).fit(X, y).score(X, y))
print('grid', GridSearchCV(LogisticRegression(), {'C': [.1, 1]}, n_jobs=2).fit(X, y).best_score_)
print('forest', cross_val_score(RandomForestClassifier(5, n_jobs=2, random_state=0), X, y, n_jobs=2).mean())
print('loky', Parallel(n_jobs=2)(delayed(f)(i) for i in range(4)))
a = np.random.default_rng(0).random((600, 600)); print('blas', round(float((a @ a).sum()), 6))
print(sorted((i['internal_api'], i['num_threads'], i['prefix']) for i in threadpool_info()))
"""

TABLES = """
import pandas as pd, pyarrow as pa, pyarrow.parquet as pq, numpy as np, io
import matplotlib, matplotlib.pyplot as plt
frame = pd.DataFrame({'a': range(10000), 'b': ['x', 'é'] * 5000}); frame.to_parquet('outputs/t.parquet')
print(len(pd.read_parquet('outputs/t.parquet')), pa.cpu_count(), frame.groupby('b').a.sum().to_dict())
print(pa.table(frame).num_rows)
fig, ax = plt.subplots(); ax.plot([1, 2]); fig.savefig('outputs/f.png')
print(matplotlib.get_backend(), plt.get_fignums())
print(open('outputs/f.png', 'rb').read(8))
"""

TRACKED = """
import logging, mlflow, os
print(mlflow.active_run(), mlflow.last_active_run(), mlflow.get_tracking_uri() == os.environ['MLFLOW_TRACKING_URI'])
with mlflow.start_run() as run:
    print(run.info.run_id == os.environ['AZUREML_RUN_ID'], run.info.experiment_id)
    mlflow.log_param('a', 1); mlflow.log_metric('m', 2.5, step=1)
    with mlflow.start_run(nested=True): mlflow.log_metric('inner', 1)
    mlflow.log_text('hello', 'note.txt')
print(mlflow.get_run(run.info.run_id).data.metrics, mlflow.get_run(run.info.run_id).data.params)
print(logging.getLogger('mlflow').handlers != [], sorted(k for k in os.environ if k.startswith('MLFLOW')))
print(len(os.listdir('/proc/self/fd')))
"""

PROGRAMS = {
    "surroundings": Program({"main.py": SURROUNDINGS}, "python main.py --a 1 'b c' \"d\""),
    "surroundings of python -u ./main.py": Program({"main.py": SURROUNDINGS}, "python3 -u ./main.py"),
    "surroundings of a script in a folder": Program(
        {"sub/main.py": SURROUNDINGS, "sub/near.py": ""}, "python sub/main.py"
    ),
    "surroundings of a module": Program(
        {"pack/__init__.py": "", "pack/main.py": SURROUNDINGS}, "python -m pack.main x"
    ),
    "a package that runs": Program(
        {"pack/__init__.py": "", "pack/__main__.py": "import sys; print(sys.argv)"}, "python -m pack -m y"
    ),
    "imports from beside itself": Program(
        {"sub/main.py": "import near, sys; print(near.x, near.__file__)", "sub/near.py": "x = 1"}, "python sub/main.py"
    ),
    "a traceback": script(TRACEBACK, part="def divide(by):\n    return 1 / by\n"),
    "a traceback of a module": Program(
        {"pack/__init__.py": "", "pack/main.py": "def f():\n    1 / 0\nf()\n"}, "python -m pack.main"
    ),
    "a missing import": script("import no_such_module_anywhere\n"),
    "a syntax error": script("print('a')\nx = = 1\n"),
    "a syntax error in an import": script("import part\n", part="def f(:\n"),
    "an exception group": script("raise ExceptionGroup('two', [ValueError(1), TypeError('x')])\n"),
    "another encoding": script("# -*- coding: latin-1 -*-\nprint('\\u00e9')\n"),
    "a hook for exceptions": script("import sys\nsys.excepthook = lambda *a: print('hooked', a[0].__name__)\n1 / 0\n"),
    "a deep recursion": script("def f(n): return f(n + 1)\ntry: f(0)\nexcept RecursionError as e: print(e)\n"),
    "exit 7": script(
        "import atexit, sys; atexit.register(lambda: print('atexit ran')); print('before'); sys.exit(7)\n"
    ),
    "exit 300": script("raise SystemExit(300)\n"),
    "exit none": script("import sys; sys.exit()\n"),
    "exit with a text": script("import sys; sys.exit('the reason: é')\n"),
    "exit with a list": script("import sys; sys.exit([1])\n"),
    "exit from a thread pool": script(
        "from concurrent.futures import ThreadPoolExecutor as T\nimport os\nT(1).submit(os._exit, 9).result()\n"
    ),
    "exit at once": script("import os; print('x', flush=True); os._exit(4)\n"),
    "an interrupt": script("raise KeyboardInterrupt\n"),
    "killed by itself": script("import os, signal; print('x', flush=True); os.kill(os.getpid(), signal.SIGTERM)\n"),
    "leaving": script(LEAVING),
    "many processes": script(MANY),
    "learning": script(
        LEARNING,
        "numpy",
        "joblib",
        "threadpoolctl",
        "sklearn.datasets",
        "sklearn.ensemble",
        "sklearn.linear_model",
        "sklearn.model_selection",
    ),
    "tables and figures": script(
        TABLES, "numpy", "pandas", "pyarrow", "pyarrow.parquet", "matplotlib", "matplotlib.pyplot"
    ),
    "tracked": script(TRACKED, "mlflow"),
}

RANDOM = """
import multiprocessing, os, random, tempfile, uuid
import numpy as np
print(random.random(), np.random.rand(), np.random.default_rng().random(), uuid.uuid4(), tempfile.mktemp(),
      bytes(multiprocessing.current_process().authkey).hex(), sep='\\n')
"""

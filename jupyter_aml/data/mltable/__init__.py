"""MLTable: the file format and the Python API of Azure's `mltable` package (§4.2), on pandas. No network here.

`load` and the `from_*` functions give an MLTable; its steps are kept as data and done when rows are asked for.
A path with a scheme (`azureml://…`) goes through the `resolver` that the caller passes in.
"""

from jupyter_aml.data.mltable.datatypes import DataType, MLTableFileEncoding, MLTableHeaders, MLTableInvalidLines
from jupyter_aml.data.mltable.loading import (
    from_delimited_files,
    from_delta_lake,
    from_json_lines_files,
    from_parquet_files,
    from_paths,
    load,
)
from jupyter_aml.data.mltable.paths import Resolver
from jupyter_aml.data.mltable.streams import StreamInfo
from jupyter_aml.data.mltable.table import MLTable, MLTableValidationError

__all__ = [
    "DataType",
    "MLTable",
    "MLTableFileEncoding",
    "MLTableHeaders",
    "MLTableInvalidLines",
    "MLTableValidationError",
    "Resolver",
    "StreamInfo",
    "from_delimited_files",
    "from_delta_lake",
    "from_json_lines_files",
    "from_parquet_files",
    "from_paths",
    "load",
]

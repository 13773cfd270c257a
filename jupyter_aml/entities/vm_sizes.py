"""Sizes of virtual machines, by Azure's names: what a compute may say that it is. A table; here all are alike."""

from typing import Final

from jupyter_aml.entities.compute import VmSize

DEFAULT: Final = "STANDARD_DS3_V2"
_BOTH: Final = ("amlcompute", "computeinstance")
_OS_DISK: Final = 1_047_552

_TABLE: Final = """
standardDv2Family         STANDARD_D1_V2            1    3.5  0   51200
standardDv2Family         STANDARD_D2_V2            2    7    0  102400
standardDv2Family         STANDARD_D3_V2            4   14    0  204800
standardDv2Family         STANDARD_D4_V2            8   28    0  409600
standardDv2Family         STANDARD_D11_V2           2   14    0  102400
standardDv2Family         STANDARD_D12_V2           4   28    0  204800
standardDv2Family         STANDARD_D13_V2           8   56    0  409600
standardDv2Family         STANDARD_D14_V2          16  112    0  819200
standardDSv2Family        STANDARD_DS1_V2           1    3.5  0    7168
standardDSv2Family        STANDARD_DS2_V2           2    7    0   14336
standardDSv2Family        STANDARD_DS3_V2           4   14    0   28672
standardDSv2Family        STANDARD_DS4_V2           8   28    0   57344
standardDSv2Family        STANDARD_DS5_V2          16   56    0  114688
standardDSv2Family        STANDARD_DS11_V2          2   14    0   28672
standardDSv2Family        STANDARD_DS12_V2          4   28    0   57344
standardDSv2Family        STANDARD_DS13_V2          8   56    0  114688
standardDSv2Family        STANDARD_DS14_V2         16  112    0  229376
standardDSv2Family        STANDARD_DS15_V2         20  140    0  286720
standardDSv3Family        STANDARD_D2S_V3           2    8    0   16384
standardDSv3Family        STANDARD_D4S_V3           4   16    0   32768
standardDSv3Family        STANDARD_D8S_V3           8   32    0   65536
standardDSv3Family        STANDARD_D16S_V3         16   64    0  131072
standardDSv3Family        STANDARD_D32S_V3         32  128    0  262144
standardDDSv4Family       STANDARD_D2DS_V4          2    8    0   76800
standardDDSv4Family       STANDARD_D4DS_V4          4   16    0  153600
standardDDSv4Family       STANDARD_D8DS_V4          8   32    0  307200
standardEDSv4Family       STANDARD_E4DS_V4          4   32    0  153600
standardEDSv4Family       STANDARD_E8DS_V4          8   64    0  307200
standardESv3Family        STANDARD_E4S_V3           4   32    0   65536
standardESv3Family        STANDARD_E8S_V3           8   64    0  131072
standardESv3Family        STANDARD_E16S_V3         16  128    0  262144
standardFSv2Family        STANDARD_F2S_V2           2    4    0   16384
standardFSv2Family        STANDARD_F4S_V2           4    8    0   32768
standardFSv2Family        STANDARD_F8S_V2           8   16    0   65536
standardFSv2Family        STANDARD_F16S_V2         16   32    0  131072
standardMSFamily          STANDARD_M64S            64 1024    0 2097152
standardNCFamily          STANDARD_NC6              6   56    1  389120
standardNCFamily          STANDARD_NC12            12  112    2  696320
standardNCFamily          STANDARD_NC24            24  224    4 1474560
standardNCSv3Family       STANDARD_NC6S_V3          6  112    1  344064
standardNCSv3Family       STANDARD_NC12S_V3        12  224    2  688128
standardNCSv3Family       STANDARD_NC24S_V3        24  448    4 1376256
standardNCASv3_T4Family   STANDARD_NC4AS_T4_V3      4   28    1  180224
standardNCASv3_T4Family   STANDARD_NC8AS_T4_V3      8   56    1  360448
standardNCASv3_T4Family   STANDARD_NC16AS_T4_V3    16  110    1  360448
standardNCADSA100v4Family STANDARD_NC24ADS_A100_V4 24  220    1   65536
standardNCADSA100v4Family STANDARD_NC48ADS_A100_V4 48  440    2  131072
standardNCADSA100v4Family STANDARD_NC96ADS_A100_V4 96  880    4  262144
standardNDSv2Family       STANDARD_ND40RS_V2       40  672    8 2969600
standardNDASv4Family      STANDARD_ND96ASR_V4      96  900    8 6144000
standardNVFamily          STANDARD_NV6              6   56    1  389120
standardNVFamily          STANDARD_NV12            12  112    2  696320
"""


def _size(line: str) -> VmSize:
    family, name, cores, memory, gpus, disk = line.split()
    has_fast_disks = "S" in name.rpartition("STANDARD_")[2][1:]
    return VmSize(
        name, int(cores), float(memory), int(gpus), supported_compute_types=_BOTH, family=family,
        os_vhd_size_mb=_OS_DISK, max_resource_volume_mb=int(disk), premium_io=has_fast_disks,
    )  # fmt: skip


SIZES: Final = tuple(_size(line) for line in _TABLE.strip().splitlines())


def known(name: str) -> VmSize | None:
    """The size of that name, in any case."""
    return next((size for size in SIZES if size.name == name.upper()), None)

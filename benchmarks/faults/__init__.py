"""Everything a store must survive, in every kind of place, with figures beside their targets; and which file covers what.

| what it must survive            | here            | short form in the tests, in every place                          |
|---------------------------------|-----------------|------------------------------------------------------------------|
| load of 8 × 50                  | `traffic.load`  | test_store_conformance; whole on a folder: test_store_races       |
| SIGKILL beside a live reader    | `traffic.kills` | test_store_conformance; 100 on a folder: test_store_races         |
| eight racers with one content   | `traffic.races` | test_store_conformance, test_store_races                          |
| a fault at every call           | `calls`         | test_store_conformance; system calls of a folder: test_store_faults |
| loss of power                   | `power`         | test_store_power (a folder: servers have a disk of their own)     |
| bit rot                         | `rot`           | test_store_conformance, test_store_damage                         |
| full disk, read-only            | `limits`        | test_store_conformance, test_store_faults                         |
| a bad bucket, a bad line        | `lines`         | test_store_conformance, test_store_postgres                       |
| any order of everything         | `machine`       | test_store_machine                                                |
| tampering                       | `tampering`     | test_store_seals, test_store_conformance                          |
| a soak with replicas            | `soak`          | none: it takes a minute                                           |
| golden stores, newer records    | none            | test_golden, test_store_damage                                    |
| speed                           | benchmarks/store.py | none: it needs a quiet machine                                |
| index deleted, two index writers, deleted while read | none | test_store_cache, test_store_columns                 |
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))  # real servers, proxies and small drafts

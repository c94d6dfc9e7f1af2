"""`--scheduler`: the same bytes from the workers of a real Dask cluster."""

from __future__ import annotations

import shutil
import socket
from importlib import util
from time import sleep

import pytest
from distributed import Client, LocalCluster

from notesbuild.exam import outputs as building
from notesbuild.exam import writing
from notesbuild.run import cluster as clusters
from notesbuild.run.cluster import ClusterFailed, connect

from .sitting import EXAM, FOLDER, run


def dask_with(workers):
    """A scheduler, and so many workers in processes of their own."""
    quiet = {"dashboard": False, "dashboard_address": ":0"}
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        scheduler_kwargs=quiet,
        worker_dashboard_address=":0",
    )


@pytest.fixture(scope="module")
def dask():
    with dask_with(2) as cluster:
        yield cluster


@pytest.fixture
def own(sat, tmp_path):
    """The built course, for this test alone."""
    return shutil.copytree(sat.root, tmp_path / "course")


def files_of(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def build_there(root, address, *more):
    roster = ("--roster", str(root / "roster.csv"))
    return run(root, "exam", "build", EXAM, *roster, "--scheduler", address, *more)


def test_workers_elsewhere_make_the_same_bytes(sat, own, dask, monkeypatch):
    monkeypatch.setattr(writing, "ENOUGH", 1)  # so that the files, too, are written there
    shutil.rmtree(own / "build")
    result = build_there(own, dask.scheduler_address)
    assert result.exit_code == 0, result.output
    assert files_of(own / FOLDER) == files_of(sat.folder)
    with Client(dask.scheduler_address, set_as_default=False) as client:
        done = client.run_on_scheduler(lambda dask_scheduler: sorted(dask_scheduler.task_prefixes))
    assert "run_batch" in done
    assert "write_elsewhere" in done


def test_an_address_where_nobody_answers(own, monkeypatch):
    monkeypatch.setattr(clusters, "SECONDS", 1)
    (own / "build/.work").rename(own / "old")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        before = files_of(own / FOLDER)
        result = build_there(own, address)
    assert result.exit_code == 3
    assert f"no Dask scheduler answers at '{address}'" in result.output
    assert "Traceback" not in result.output
    assert files_of(own / FOLDER) == before


@pytest.mark.parametrize("address", ["nowhere", "http//x", "tcp://", "tcp://a b:1"])
def test_what_is_no_address(own, address, monkeypatch):
    monkeypatch.setattr(clusters, "SECONDS", 1)
    (own / "build/.work").rename(own / "old")
    result = build_there(own, address)
    assert result.exit_code == 3
    assert f"no Dask scheduler answers at '{address}'" in result.output


def test_without_dask_it_says_how_to_get_it(own, monkeypatch):
    (own / "build/.work").rename(own / "old")
    monkeypatch.setattr(clusters, "find_spec", lambda name: None)
    assert util.find_spec("distributed") is not None
    result = build_there(own, "tcp://127.0.0.1:8786")
    assert result.exit_code == 3
    assert "pip install 'notesbuild[cluster]'" in result.output


def test_a_scheduler_without_workers():
    with (
        dask_with(0) as empty,
        connect(empty.scheduler_address, str) as found,
    ):
        assert found.value is None
        assert "has no workers" in found.diagnostics[0].message


def test_workers_with_another_tex_are_refused(dask, monkeypatch):
    here = building.state_of_worker
    monkeypatch.setattr(building, "tex_version", lambda name: "another TeX")
    with connect(dask.scheduler_address, Stated(here)) as found:
        assert found.value is None
        assert "has another notesbuild or another TeX" in found.diagnostics[0].message


class Stated:
    """Asked there it answers what is true there, here what this test has planted."""

    def __init__(self, here):
        self._here = here

    def __call__(self):
        return self._here()


def test_a_worker_that_dies_again_and_again_is_told():
    with (
        dask_with(1) as fragile,
        connect(fragile.scheduler_address, str) as found,
    ):
        assert found.value is not None
        task = found.value.submit(die)
        with pytest.raises(ClusterFailed) as failed:
            task.result()
    # On a busy machine Dask may give its only worker up before the work.
    assert "lost its work" in failed.value.diagnostic.message


def test_when_the_last_worker_has_gone_nobody_waits_for_ever(monkeypatch):
    monkeypatch.setattr(clusters, "PATIENCE", 3)
    with (
        dask_with(1) as shrinking,
        connect(shrinking.scheduler_address, str) as found,
    ):
        assert found.value is not None
        task = found.value.submit(sleep, 60)
        shrinking.scale(0)
        with pytest.raises(ClusterFailed) as failed:
            task.result()
    assert "lost its workers" in failed.value.diagnostic.message


def die():
    import os

    os._exit(1)


def test_a_mistake_of_the_work_itself_is_not_taken_for_one_of_the_cluster(dask):
    with connect(dask.scheduler_address, str) as found:
        assert found.value is not None
        with pytest.raises(ZeroDivisionError):
            found.value.submit(divmod, 1, 0).result()

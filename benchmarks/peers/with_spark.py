"""The three marts by Spark SQL: a session in this process with two threads, over the Parquet files as they lie.

The driver is the cluster: master local[2], two partitions of a shuffle, 6 GiB of heap. What is used twice is cached.
Stated amounts of operating_entries and project_amounts are not read: a board is fed by postings here.
"""

from __future__ import annotations

import os
import shutil

from pyspark.sql import SparkSession

import statements
from peer import MARTS, POSTING, THREADS, CannotRunError, Run, arrow_lists, main

SETTINGS = {
    "spark.driver.memory": "6g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": str(THREADS),
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    # a file of a store can be small: many of them share a task
    "spark.sql.files.openCostInBytes": "262144",
}

# once the postings are summed all is small and lies in one partition: a join there has nothing to move or to wait for,
# and compiling a plan takes longer than running it
SMALL = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}


def start() -> SparkSession:
    """The session; its log says errors alone."""
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        raise CannotRunError("Spark needs Java 17 or later, and there is no program java")
    builder = SparkSession.builder.master(f"local[{THREADS}]").appName("peer")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def stop(session: SparkSession) -> None:
    """End the session and wait for its Java process, so that what it took counts as taken by this one."""
    gateway = session.sparkContext._gateway
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()


def answer(run: Run) -> None:
    """Start, select, check and write."""
    session = start()
    try:
        for name, table in arrow_lists(run.lists).items():
            session.createDataFrame(table).coalesce(1).createOrReplaceTempView(name)
        # looked up in every folder, so that no folder's name becomes a column
        postings = session.read.option("recursiveFileLookup", "true").parquet(str(run.postings))
        postings.select(*POSTING).createOrReplaceTempView("postings")
        run.is_loaded()

        def create(name: str, select: str) -> None:
            made = session.sql(select).coalesce(1).cache()
            made.createOrReplaceTempView(name)
            if name == statements.STEPS[0]:
                made.count()
                for setting, value in SMALL.items():
                    session.conf.set(setting, value)

        statements.run_steps(create)
        for claim in statements.CHECKS:
            run.check(claim, session.sql(statements.check(claim)).count())
        for name in MARTS:
            run.write(name, session.table(name).toArrow())
    finally:
        stop(session)


if __name__ == "__main__":
    main(answer)

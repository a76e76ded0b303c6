"""Measures pdqhash, FAISS and ImageHash on the pictures, codes and queries that `copyright bench --exchange` wrote.

Usage: copyright_peers.py FOLDER RESULTS.json, where RESULTS.json is what `copyright bench --json` said.
One thread each; times are medians.
"""

import json
import os
import statistics
import sys
import time

import faiss
import imagehash
import numpy as np
import pdqhash
from PIL import Image


def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS:"))


def timed(work, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def hashing(folder, out):
    files = sorted(f for f in os.listdir(folder) if f.endswith(".ppm"))
    pictures = [np.asarray(Image.open(f"{folder}/{f}").convert("RGB")) for f in files]
    out["pdqhash 1024x768"] = (statistics.median(timed(lambda p=p: pdqhash.compute(p), 3) for p in pictures), "ms")
    jpegs = [f"{folder}/{f[:-4]}.jpg" for f in files]
    work = lambda f: pdqhash.compute(np.asarray(Image.open(f).convert("RGB")))
    out["Pillow + pdqhash, JPEG"] = (statistics.median(timed(lambda f=f: work(f), 3) for f in jpegs), "ms")
    images = [Image.fromarray(p) for p in pictures]
    out["ImageHash pHash"] = (statistics.median(timed(lambda i=i: imagehash.phash(i), 3) for i in images), "ms")
    out["ImageHash dHash"] = (statistics.median(timed(lambda i=i: imagehash.dhash(i), 3) for i in images), "ms")
    # Bit k of the hash is what pdqhash gives in place 255 - k.
    apart = []
    for file, picture in zip(files, pictures):
        bits, _ = pdqhash.compute(picture)
        theirs = int("".join(str(int(b)) for b in bits), 2)
        ours = int(open(f"{folder}/{file[:-4]}.pdq").read(), 16)
        apart.append(bin(theirs ^ ours).count("1"))
    out["largest distance to pdqhash, same pixels"] = (max(apart), "bits of 256")


def search(folder, out):
    faiss.omp_set_num_threads(1)
    before = resident()
    codes = np.fromfile(f"{folder}/codes.bin", dtype=np.uint8).reshape(-1, 32)
    queries = np.fromfile(f"{folder}/queries.bin", dtype=np.uint8).reshape(-1, 32)
    places = np.fromfile(f"{folder}/places.bin", dtype=np.int64)

    def run(name, index, count, radius):
        times, missing = [], 0
        for query, place in zip(queries[:count], places[:count]):
            start = time.perf_counter()
            _, _, found = index.range_search(query.reshape(1, 32), radius)
            times.append((time.perf_counter() - start) * 1000)
            missing += int(place not in found)
        out[name] = (statistics.median(times), "ms a query")
        out[name + ", missing"] = (missing, f"of {count} planted")

    flat = faiss.IndexBinaryFlat(256)
    flat.add(codes)
    # FAISS looks for what is nearer than the radius.
    run("FAISS IndexBinaryFlat", flat, 100, 32)
    out["FAISS IndexBinaryFlat memory"] = (resident() - before, "MiB with the codes twice")
    del flat
    before = resident()
    start = time.perf_counter()
    multi = faiss.IndexBinaryMultiHash(256, 11, 23)
    multi.nflip = 2
    multi.add(codes)
    out["FAISS IndexBinaryMultiHash 11x23 build"] = (time.perf_counter() - start, "s")
    out["FAISS IndexBinaryMultiHash 11x23 memory"] = (resident() - before, "MiB beside the codes")
    run("FAISS IndexBinaryMultiHash 11x23", multi, 1000, 32)


def robustness(folder):
    rows = {}
    for number in sorted(os.listdir(folder)):
        original = Image.open(f"{folder}/{number}/original.ppm")
        base = {"pHash": imagehash.phash(original), "dHash": imagehash.dhash(original)}
        for file in sorted(os.listdir(f"{folder}/{number}")):
            if file == "original.ppm":
                continue
            copy = Image.open(f"{folder}/{number}/{file}")
            row = rows.setdefault(file[:-4], {"pHash": [], "dHash": []})
            row["pHash"].append(base["pHash"] - imagehash.phash(copy) <= 10)
            row["dHash"].append(base["dHash"] - imagehash.dhash(copy) <= 10)
    return {name: {k: round(100 * sum(v) / len(v)) for k, v in row.items()} for name, row in rows.items()}


def main():
    folder, results = sys.argv[1], json.load(open(sys.argv[2]))
    out = {}
    hashing(f"{folder}/hashing", out)
    search(f"{folder}/search", out)
    print(results["report"]["machine"])
    print("\nTallystick")
    for result in results["report"]["results"]:
        print(f"  {result['name']:<34} {result['value']:>12.4g} {result['unit']}")
    print("\nPeers (pdqhash, faiss-cpu " + faiss.__version__ + ", ImageHash " + imagehash.__version__ + ")")
    for name, (value, unit) in out.items():
        print(f"  {name:<44} {value:>12.4g} {unit}")
    own = {row["transform"]: row for row in results["robustness"]}
    if os.path.isdir(f"{folder}/robustness"):
        peers = robustness(f"{folder}/robustness")
        print("\nCopies found in %: PDQ at 31 plain and with variants; pHash and dHash at 10 of 64 (first 12 pictures)")
        print(f"  {'transform':<34} {'PDQ':>5} {'variants':>9} {'pHash':>6} {'dHash':>6}")
        for name, row in own.items():
            peer = peers.get(name, {})
            print(
                f"  {name:<34} {row['plain']:>5} {row['found']:>9} {peer.get('pHash', '-'):>6} {peer.get('dHash', '-'):>6}")


main()

import multiprocessing
import sys
import time


def count(lock, gate, counts, position, seconds):
    gate.acquire()
    gate.release()
    end = time.perf_counter() + seconds
    taken = 0
    while time.perf_counter() < end:
        lock.acquire()
        lock.release()
        taken += 1
    counts[position] = taken


if __name__ == "__main__":
    processes = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    context = multiprocessing.get_context("spawn")
    lock, gate = context.Lock(), context.Lock()
    counts = context.Array("i", processes)
    gate.acquire()
    children = [
        context.Process(target=count, args=(lock, gate, counts, position, 1.0))
        for position in range(processes)
    ]
    for child in children:
        child.start()
    time.sleep(0.15 * processes)
    gate.release()
    for child in children:
        child.join()
    taken = list(counts)
    print(sum(taken) / processes / min(taken))

import multiprocessing
import sys
import time

ROUNDS = 200_000


def work(lock, gate, rounds):
    gate.acquire()
    gate.release()
    for _ in range(rounds):
        lock.acquire()
        lock.release()


if __name__ == "__main__":
    processes = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    context = multiprocessing.get_context("spawn")
    lock, gate = context.Lock(), context.Lock()
    gate.acquire()
    args = (lock, gate, ROUNDS // processes)
    children = [context.Process(target=work, args=args) for _ in range(processes)]
    for child in children:
        child.start()
    time.sleep(0.15 * processes)
    start = time.perf_counter()
    gate.release()
    for child in children:
        child.join()
    print((time.perf_counter() - start) / ROUNDS * 1e9)

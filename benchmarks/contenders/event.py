import multiprocessing
import time

ROUNDS = 10_000
WARM = 500


def answer(ping, pong):
    for _ in range(ROUNDS):
        ping.wait()
        ping.clear()
        pong.set()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    ping, pong = context.Event(), context.Event()
    child = context.Process(target=answer, args=(ping, pong))
    child.start()
    for turn in range(ROUNDS):
        if turn == WARM:
            start = time.perf_counter()
        ping.set()
        pong.wait()
        pong.clear()
    print((time.perf_counter() - start) / (ROUNDS - WARM) / 2 * 1e6)
    child.join()

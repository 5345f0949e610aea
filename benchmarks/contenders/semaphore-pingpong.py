import multiprocessing
import time

ROUNDS = 20_000
WARM = 1_000


def answer(ping, pong):
    for _ in range(ROUNDS):
        ping.acquire()
        pong.release()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    ping, pong = context.Semaphore(0), context.Semaphore(0)
    child = context.Process(target=answer, args=(ping, pong))
    child.start()
    for turn in range(ROUNDS):
        if turn == WARM:
            start = time.perf_counter()
        ping.release()
        pong.acquire()
    print((time.perf_counter() - start) / (ROUNDS - WARM) * 1e6)
    child.join()

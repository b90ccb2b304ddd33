# moto's server, with its SQS backend mended in two things. It changes a queue's list of messages in several threads without a lock, and loses
# some; and it counts the whole queue for every message that it hands out, so that a hundred thousand would take hours.
import functools
import sys
import threading
import time

from moto.server import main
from moto.sqs.models import SQSBackend
from moto.sqs import models

lock = threading.RLock()


def alone(method):
    @functools.wraps(method)
    def locked(*words, **named):
        with lock:
            return method(*words, **named)

    return locked


for name in ("send_message", "delete_message", "change_message_visibility", "purge_queue"):
    setattr(SQSBackend, name, alone(getattr(SQSBackend, name)))

receive_at_once = alone(SQSBackend.receive_message)


def receive_message(self, queue_name, count, wait_seconds_timeout, visibility_timeout, message_attribute_names=None):
    end = time.time() + wait_seconds_timeout
    while True:
        found = receive_at_once(self, queue_name, count, 0, visibility_timeout, message_attribute_names)
        if found or time.time() >= end:
            return found
        time.sleep(0.1)


def is_kept(self, queue_name, message):
    return self.get_queue(queue_name).message_retention_period + message.sent_timestamp / 1000 > time.time()


SQSBackend.receive_message = receive_message
SQSBackend.is_message_valid_based_on_retention_period = is_kept
models.unix_time = time.time
models.unix_time_millis = lambda: time.time() * 1000

main(sys.argv[1:])

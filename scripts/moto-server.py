# moto's server, with two of its SQS backend's steps done in less time. As they come, it counts the whole queue for every message that it
# hands out, and asks the calendar for the time of each: a hundred thousand messages would take hours.
import sys
import time

from moto.server import main
from moto.sqs import models


def is_kept(self, queue_name, message):
    return self.get_queue(queue_name).message_retention_period + message.sent_timestamp / 1000 > time.time()


models.SQSBackend.is_message_valid_based_on_retention_period = is_kept
models.unix_time = time.time
models.unix_time_millis = lambda: time.time() * 1000

main(sys.argv[1:])

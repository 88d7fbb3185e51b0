/* A minimal baseline for the agent: log in to an event socket, read the stream, find the end of each event, and send
   as many datagrams of the same mean size as the agent does. What the agent costs above this is its own. Each datagram
   begins with the number of its event, to measure how long it took.
   usage: floor EVENT_SOCKET_PORT COLLECTOR_PORT BYTES DATAGRAMS_PER_1000_EVENTS */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 4 << 20, BATCH = 64, LARGEST = 65000 };

static char buffer[ROOM];
static size_t start, end;
static int stream, collector;

static int connected(int type, int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int s = socket(AF_INET, type, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("connect");
        exit(1);
    }
    return s;
}

static int more(void)
{
    if (start == end) {
        start = end = 0;
    } else if (ROOM - end < ROOM / 4) {
        memmove(buffer, buffer + start, end - start);
        end -= start;
        start = 0;
    }
    ssize_t count = read(stream, buffer + end, ROOM - end);
    end += count > 0 ? count : 0;
    return count > 0;
}

static void answer(void)
{
    char *blank;
    while ((blank = memmem(buffer + start, end - start, "\n\n", 2)) == NULL) {
        if (!more()) {
            fprintf(stderr, "the event socket was closed\n");
            exit(1);
        }
    }
    start = blank + 2 - buffer;
}

static void ask(const char *command)
{
    if (write(stream, command, strlen(command)) < 0) {
        perror("write");
        exit(1);
    }
    answer();
}

int main(int count, char **words)
{
    if (count != 5) {
        fprintf(stderr, "usage: floor EVENT_SOCKET_PORT COLLECTOR_PORT BYTES DATAGRAMS_PER_1000_EVENTS\n");
        return 2;
    }
    static int64_t payloads[BATCH][LARGEST / 8];
    static struct iovec pieces[BATCH];
    static struct mmsghdr messages[BATCH];
    int per_thousand = atoi(words[4]), due = 0, waiting = 0;
    int64_t events = 0;
    for (int i = 0; i < BATCH; i++) {
        pieces[i] = (struct iovec){ .iov_base = payloads[i], .iov_len = (size_t)atoi(words[3]) };
        messages[i].msg_hdr.msg_iov = &pieces[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    stream = connected(SOCK_STREAM, atoi(words[1]));
    collector = connected(SOCK_DGRAM, atoi(words[2]));
    int yes = 1;
    setsockopt(stream, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    answer();
    ask("auth ClueCon\n\n");
    ask("event plain ALL\n\n");
    do {
        for (;;) {
            char *head = buffer + start;
            size_t there = end - start;
            char *blank = memmem(head, there < 128 ? there : 128, "\n\n", 2);
            if (blank == NULL) {
                break;
            }
            size_t length = (size_t)atoi(head + sizeof "Content-Length:");
            size_t whole = (size_t)(blank + 2 - head) + length;
            if (there < whole) {
                break;
            }
            start += whole;
            for (due += per_thousand; due >= 1000; due -= 1000) {
                payloads[waiting][0] = events;
                if (++waiting == BATCH) {
                    sendmmsg(collector, messages, waiting, 0);
                    waiting = 0;
                }
            }
            events++;
        }
        if (waiting > 0) {
            sendmmsg(collector, messages, waiting, 0);
            waiting = 0;
        }
    } while (more());
    return 0;
}

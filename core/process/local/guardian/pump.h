/* The pump: moves what a terminal says into a pipe, beside everything else the shim does. */
#ifndef PUMP_H
#define PUMP_H

#include <poll.h>

struct pump {
	int master; /* -1: there is no terminal, or it has said all */
	int output;
	int full; /* the pipe had no room: nothing moves until it has */
};

struct pump pump_of(int master, int output);

/* What to wait for before the next turn: two entries for poll. */
void pump_watch(const struct pump *p, struct pollfd *watched);

/* Moves what is there, a bounded share of it, without ever waiting for somebody. */
void pump_turn(struct pump *p);

#endif

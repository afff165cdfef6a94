"""Runs a program in a user namespace that can make no further namespaces, as in a plain container: bubblewrap fails there.

without-namespaces.py UID PROGRAM...   the program runs as UID; all ids of this machine stay themselves when we are root.
"""
import ctypes
import os
import sys

CLONE_NEWUSER = 0x10000000
uid, program = int(sys.argv[1]), sys.argv[2:]
me = os.getpid()
own_uid, own_gid = os.getuid(), os.getgid()
unshared_r, unshared_w = os.pipe()
helper = os.fork()
if helper == 0:
    os.read(unshared_r, 1)
    if own_uid == 0:
        uids = gids = "0 0 65536"
    else:
        uids, gids = f"{own_uid} {own_uid} 1", f"{own_gid} {own_gid} 1"
        open(f"/proc/{me}/setgroups", "w").write("deny")
    open(f"/proc/{me}/uid_map", "w").write(uids)
    open(f"/proc/{me}/gid_map", "w").write(gids)
    os._exit(0)
if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
    sys.exit("no user namespace can be made here")
os.write(unshared_w, b"x")
if os.waitpid(helper, 0)[1] != 0:
    sys.exit("the ids could not be mapped")
os.close(unshared_r)
os.close(unshared_w)
open("/proc/sys/user/max_user_namespaces", "w").write("0")
if uid != own_uid:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
os.execv(program[0], program)

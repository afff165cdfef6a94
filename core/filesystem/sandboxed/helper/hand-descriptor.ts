import { closeSync } from "node:fs";
import { sendDescriptors } from "../../../host/descriptor-socket.ts";

/** Where a helper finds the socket that carries descriptors to the server. */
export const descriptorSocket = 3;

/** The answer that says: a descriptor waits in the socket. */
export const handedOver = { handed: true } as const;

/** Sends an open file to the server and closes it here. */
export function handDescriptor(descriptor: number): typeof handedOver {
  try {
    // The server takes each one before it asks again, so that there is always room.
    if (sendDescriptors(descriptorSocket, Buffer.alloc(1), [descriptor])) return handedOver;
    throw new Error("the descriptor socket is full");
  } finally {
    closeSync(descriptor);
  }
}

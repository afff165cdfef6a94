import type { Case } from "./case.ts";
import { authCases } from "./cases/auth.ts";
import { concurrencyCases } from "./cases/concurrency.ts";
import { environmentPolicyCases } from "./cases/environment-policy.ts";
import { flagCases } from "./cases/flags.ts";
import { fsBlockCases } from "./cases/fs-blocks.ts";
import { fsDirectoryCases } from "./cases/fs-directories.ts";
import { fsPathCases } from "./cases/fs-paths.ts";
import { fsReadWriteCases } from "./cases/fs-read-write.ts";
import { fsRemoveCopyCases } from "./cases/fs-remove-copy.ts";
import { fsWalkCases } from "./cases/fs-walk.ts";
import { fsWatchCases } from "./cases/fs-watch.ts";
import { httpListenerCases } from "./cases/http-listener.ts";
import { initializeCases } from "./cases/initialize.ts";
import { outputCases } from "./cases/output.ts";
import { readCases } from "./cases/read.ts";
import { resumeCases } from "./cases/resume.ts";
import { rpcDialectCases } from "./cases/rpc-dialect.ts";
import { signalCases } from "./cases/signal.ts";
import { startBehaviourCases } from "./cases/start-behaviour.ts";
import { startParameterCases } from "./cases/start-parameters.ts";
import { startSequenceCases } from "./cases/start-sequence.ts";
import { stdioCases } from "./cases/stdio.ts";
import { terminateCases } from "./cases/terminate.ts";
import { ttyCases } from "./cases/tty.ts";
import { websocketFramingCases } from "./cases/websocket-framing.ts";
import { writeCases } from "./cases/write.ts";

export const allCases: readonly Case[] = [
  ...httpListenerCases,
  ...websocketFramingCases,
  ...rpcDialectCases,
  ...initializeCases,
  ...resumeCases,
  ...startParameterCases,
  ...startBehaviourCases,
  ...startSequenceCases,
  ...outputCases,
  ...readCases,
  ...writeCases,
  ...signalCases,
  ...terminateCases,
  ...ttyCases,
  ...environmentPolicyCases,
  ...fsPathCases,
  ...fsReadWriteCases,
  ...fsDirectoryCases,
  ...fsWalkCases,
  ...fsRemoveCopyCases,
  ...fsBlockCases,
  ...fsWatchCases,
  ...authCases,
  ...flagCases,
  ...stdioCases,
  ...concurrencyCases,
];

import DevStack

await DevStackCommand.begin()

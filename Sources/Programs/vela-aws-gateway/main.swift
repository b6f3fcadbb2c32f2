import Gateway

// Nothing else here: what runs at the top level is bound to the main actor, and the event loops are not on it.
await GatewayProgram.run()

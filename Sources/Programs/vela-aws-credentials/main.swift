import ClientCLI
import Glibc

exit(ClientProgram.runAsProcess())

from hegui.cli.main import main

main()

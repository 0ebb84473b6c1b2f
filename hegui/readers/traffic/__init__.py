"""Network captures: HAR, pcap and pcapng, mitmproxy flow files → flows (抓包文件)."""

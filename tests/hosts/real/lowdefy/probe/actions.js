import { hosts } from "doorkey";

export const HostNavigate = ({ methods, globals, params }) => hosts.lowdefy({ methods, globals }).navigateTo(...params);
